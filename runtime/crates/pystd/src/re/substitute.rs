//! Splitting and substitution.

use super::template::Template;
use super::{Match, Pattern};
use crate::{Exception, Int};

impl Pattern {
    /// `p.split(text, maxsplit)`: with groups, what they matched stands between the parts.
    ///
    /// # Errors
    /// None so far.
    pub fn split(
        &self,
        text: &str,
        maxsplit: impl Into<Int>,
    ) -> Result<Vec<Option<String>>, Exception> {
        let chars: std::sync::Arc<[char]> = text.chars().collect();
        let mut parts = Vec::new();
        let mut last = 0;
        for found in self.all(&chars).into_iter().take(limit(&maxsplit.into())) {
            let (start, end) = found.whole();
            parts.push(Some(found.between(last, start)));
            parts.extend(found.groups());
            last = end;
        }
        parts.push(Some(chars[last..].iter().collect()));
        Ok(parts)
    }

    /// `p.sub(replacement, text, count)`; no count, 0, replaces all.
    ///
    /// # Errors
    /// `error` when the replacement refers to a group there is not, `IndexError` by name.
    pub fn sub(
        &self,
        replacement: &str,
        text: &str,
        count: impl Into<Int>,
    ) -> Result<String, Exception> {
        Ok(self.subn(replacement, text, count)?.0)
    }

    /// `p.subn(replacement, text, count)`
    ///
    /// # Errors
    /// `error` when the replacement refers to a group there is not, `IndexError` by name.
    pub fn subn(
        &self,
        replacement: &str,
        text: &str,
        count: impl Into<Int>,
    ) -> Result<(String, Int), Exception> {
        let template = Template::parse(replacement, self.0.groups, &self.0.names)?;
        self.replaced(text, &count.into(), |found| Ok(template.filled(found)))
    }

    /// `p.sub(function, text, count)`
    ///
    /// # Errors
    /// Those of `function`.
    pub fn sub_with(
        &self,
        function: impl FnMut(&Match) -> Result<String, Exception>,
        text: &str,
        count: impl Into<Int>,
    ) -> Result<String, Exception> {
        Ok(self.replaced(text, &count.into(), function)?.0)
    }

    fn replaced(
        &self,
        text: &str,
        count: &Int,
        mut replace: impl FnMut(&Match) -> Result<String, Exception>,
    ) -> Result<(String, Int), Exception> {
        let chars: std::sync::Arc<[char]> = text.chars().collect();
        let mut out = String::with_capacity(text.len());
        let (mut last, mut times) = (0, 0usize);
        for found in self.all(&chars).into_iter().take(limit(count)) {
            let (start, end) = found.whole();
            out.extend(&chars[last..start]);
            out.push_str(&replace(&found)?);
            last = end;
            times += 1;
        }
        out.extend(&chars[last..]);
        Ok((out, times.into()))
    }
}

/// How often at most; 0 means always, a negative number never.
fn limit(count: &Int) -> usize {
    if count.is_zero() {
        usize::MAX
    } else {
        count.count()
    }
}
