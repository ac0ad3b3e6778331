//! The cookies that a server sets on the way to another page of its own.

use crate::requests::url::Target;

/// Cookies of one chain of redirects.
#[derive(Debug, Default)]
pub(crate) struct Cookies(Vec<Cookie>);

#[derive(Debug)]
struct Cookie {
    name: String,
    value: String,
    host: String,
    /// Whether hosts within the host get it, too.
    is_wide: bool,
    path: String,
    is_secure: bool,
}

impl Cookies {
    /// Keeps what a `Set-Cookie` header of an answer from `from` says.
    pub(crate) fn keep(&mut self, header: &str, from: &Target) {
        let mut parts = header.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let folder = from.asked.split('?').next().unwrap_or_default();
        let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut cookie = Cookie {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            host: from.host.clone(),
            is_wide: false,
            path: format!("{folder}/"),
            is_secure: false,
        };
        let mut is_over = false;
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "domain" => {
                    let domain = value.trim().trim_start_matches('.').to_ascii_lowercase();
                    if !within(&from.host, &domain) {
                        return;
                    }
                    (cookie.host, cookie.is_wide) = (domain, true);
                }
                "path" if value.trim().starts_with('/') => cookie.path = value.trim().to_owned(),
                "secure" => cookie.is_secure = true,
                "max-age" => is_over = value.trim().parse::<i64>().is_ok_and(|age| age <= 0),
                _ => {}
            }
        }
        self.0
            .retain(|x| (&x.name, &x.host, &x.path) != (&cookie.name, &cookie.host, &cookie.path));
        if !is_over {
            self.0.push(cookie);
        }
    }

    /// The `Cookie` header of a request, if there is any cookie for it.
    pub(crate) fn header(&self, to: &Target) -> Option<String> {
        let path = to.asked.split('?').next().unwrap_or_default();
        let fits = |cookie: &&Cookie| {
            let host = match cookie.is_wide {
                true => within(&to.host, &cookie.host),
                false => to.host == cookie.host,
            };
            let folder = cookie.path.trim_end_matches('/');
            let inside = path
                .strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            host && inside && (!cookie.is_secure || to.scheme == "https")
        };
        let pairs = self.0.iter().filter(fits);
        let pairs: Vec<String> = pairs.map(|x| format!("{}={}", x.name, x.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

/// Whether a host is one, or within one.
fn within(host: &str, of: &str) -> bool {
    host == of
        || host
            .strip_suffix(of)
            .is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use langferry_pystd::Value;

    fn at(url: &str) -> Target {
        crate::requests::url::target(url, &Value::None).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn a_cookie_goes_back_to_where_it_belongs() {
        let mut cookies = Cookies::default();
        cookies.keep(
            "a=1; Path=/; Secure; HttpOnly",
            &at("https://x.org/in/page"),
        );
        cookies.keep("b=2", &at("https://x.org/in/page"));
        cookies.keep("c=3; Domain=.org; Max-Age=0", &at("https://x.org/"));
        cookies.keep("d=4; Domain=y.org", &at("https://x.org/"));
        let header = |url: &str| cookies.header(&at(url)).unwrap_or_default();
        assert_eq!(header("https://x.org/in/other"), "a=1; b=2");
        assert_eq!(header("https://x.org/out"), "a=1");
        assert_eq!(header("http://x.org/in/other"), "b=2");
        assert_eq!(header("https://y.org/in/other"), "");
    }
}
