//! The writes of a superstep by channel, in the order in which channels are first written.
//!
//! Everything lies in three vectors that are used again for every superstep: a group is a chain of
//! links through all writes.

use crate::ids::ChannelId;

const NONE: u32 = u32::MAX;

#[derive(Debug)]
struct Group {
    channel: ChannelId,
    first: u32,
    last: u32,
    len: usize,
}

#[derive(Debug)]
struct Link<W> {
    write: Option<W>,
    next: u32,
}

#[derive(Debug)]
pub(crate) struct Groups<W> {
    /// By channel: its place in `groups`.
    places: Vec<u32>,
    groups: Vec<Group>,
    links: Vec<Link<W>>,
}

impl<W> Groups<W> {
    pub fn new(channels: usize) -> Self {
        Groups {
            places: vec![NONE; channels],
            groups: Vec::new(),
            links: Vec::new(),
        }
    }

    /// Makes room for so many writes.
    pub fn reserve(&mut self, writes: usize) {
        self.links.reserve(writes);
    }

    pub fn add(&mut self, channel: ChannelId, write: W) {
        let link = slot(self.links.len());
        self.links.push(Link {
            write: Some(write),
            next: NONE,
        });
        let place = &mut self.places[channel.index()];
        if *place == NONE {
            *place = slot(self.groups.len());
            self.groups.push(Group {
                channel,
                first: link,
                last: link,
                len: 1,
            });
        } else {
            let group = &mut self.groups[*place as usize];
            self.links[group.last as usize].next = link;
            group.last = link;
            group.len += 1;
        }
    }

    /// How many channels were written.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// The writes of the group at `place`, which are taken.
    pub fn take(&mut self, place: usize) -> (ChannelId, Writes<'_, W>) {
        let group = &self.groups[place];
        let writes = Writes {
            links: &mut self.links,
            next: group.first,
            len: group.len,
        };
        (group.channel, writes)
    }

    /// The writes to `channel`, which are taken.
    pub fn take_of(&mut self, channel: ChannelId) -> Writes<'_, W> {
        match self.places[channel.index()] {
            NONE => Writes {
                links: &mut self.links,
                next: NONE,
                len: 0,
            },
            place => self.take(place as usize).1,
        }
    }

    pub fn clear(&mut self) {
        for group in self.groups.drain(..) {
            self.places[group.channel.index()] = NONE;
        }
        self.links.clear();
    }
}

/// No channels: what stands in while the groups are in use.
impl<W> Default for Groups<W> {
    fn default() -> Self {
        Groups::new(0)
    }
}

/// The writes of one channel, in order.
pub(crate) struct Writes<'a, W> {
    links: &'a mut [Link<W>],
    next: u32,
    len: usize,
}

impl<W> Iterator for Writes<'_, W> {
    type Item = W;

    fn next(&mut self) -> Option<W> {
        let link = self.links.get_mut(self.next as usize)?;
        self.next = link.next;
        self.len = self.len.saturating_sub(1);
        link.write.take()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len, Some(self.len))
    }
}

impl<W> ExactSizeIterator for Writes<'_, W> {}

fn slot(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_come_by_channel_in_the_order_of_first_writing() {
        let mut groups = Groups::new(3);
        for (channel, write) in [(2, 'a'), (0, 'b'), (2, 'c')] {
            groups.add(ChannelId(channel), write);
        }
        let all: Vec<(ChannelId, String)> = (0..groups.len())
            .map(|place| {
                let (channel, writes) = groups.take(place);
                (channel, writes.collect())
            })
            .collect();
        assert_eq!(
            all,
            [(ChannelId(2), "ac".into()), (ChannelId(0), "b".into())]
        );
    }

    #[test]
    fn a_cleared_channel_has_no_writes() {
        let mut groups = Groups::new(2);
        groups.add(ChannelId(1), 'a');
        assert_eq!(groups.take_of(ChannelId(0)).len(), 0);
        assert_eq!(groups.take_of(ChannelId(1)).len(), 1);
        groups.clear();
        assert_eq!(groups.take_of(ChannelId(1)).len(), 0);
    }
}
