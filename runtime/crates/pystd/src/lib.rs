//! What Python's values and standard functions mean, for generated code.
//!
//! # Conventions
//!
//! - Types carry Python's meaning and Rust names: [`Int`], [`Float`], `String`, `bool`, `Vec<T>`, [`Dict`],
//!   [`Set`], `Option<T>`, tuples, [`Value`] (`Any`), [`Date`], [`DateTime`], [`Time`], [`TimeDelta`],
//!   [`Exception`].
//! - Whatever Python can raise returns `Result<_, Exception>`; whatever it cannot does not.
//! - Functions borrow (`&x`) and return new values; only what Python mutates takes `&mut`.
//! - Positions, counts and widths are `impl Into<Int>`: an [`Int`], `&Int` or a plain literal.
//! - A method of a builtin type is a function in a module of that type: [`str_`], [`list`]; [`Dict`] and
//!   [`Set`] have methods. A method with optional arguments has one function per form.
//! - Keys passed to `sorted_by_key` and the like are closures `|item: &T| Ok(key)`.
//! - The operators of numbers cannot return an error: where an int is too large to be added to a float, they
//!   panic with the [`Exception`] as payload, which the driver turns back into a failure of the node.
//! - What is outside the supported part of Python raises [`Exception::unsupported`], which no
//!   `except Exception` catches; nothing differs silently.
//!
//! # Python → Rust
//!
//! | Python | Rust |
//! |---|---|
//! | `3`, `10**30` (literal) | `Int::from(3)`, `Int::parse("1000…")?` |
//! | `0.5`; a `float` given as `3` | `Float::from(0.5)`; `Float::from(Int::from(3))` |
//! | `a + b`, `a - b`, `a * b`, `-a` on numbers | `&a + &b`, `a + 1`, `&a * 0.5`, `-&a` |
//! | `a += b` on numbers | `a += &b`, `a += 1` |
//! | `a < b`, `a == b` on numbers and strings | `a < b`, `a == b`, `a >= 3` (mixed int, float, literals) |
//! | `a / b`, `a // b`, `a % b`, `a ** b`, `a << b`, `a >> b` | `ops::true_div(&a, &b)?`, `floor_div`, `rem`, `pow`, `shl`, `shr` |
//! | `a & b`, `a \| b`, `a ^ b`, `~a` on ints | `&a & &b`, `&a \| &b`, `&a ^ &b`, `!&a` |
//! | any operator on any types (also `operator.add`) | `ops::add(&a, &b)?`, `sub`, `mul`, `and`, `or`, `xor`, `neg` |
//! | `a += b` on any types that never change | `a = ops::augmented("+", ops::add(&a.unchanging()?, &b))?` |
//! | `a < b` on any types | `ops::lt(&a, &b)?`, `le`, `gt`, `ge` |
//! | `if x`, `not x`, `bool(x)` | `x.truthy()` ([`Truthy`]) |
//! | `len(x)` | `len(&x)`; [`Value`]: `x.len()?` |
//! | `x in c` | `contains(&c, &x)`; [`Value`]: `c.contains(&x)?` |
//! | `str(x)`, `f"{x}"` | `str_of(&x)`; in `format!`, types with `Display` go in directly |
//! | `repr(x)`, `f"{x!r}"` | `repr(&x)` |
//! | `format(x, ".2f")`, `f"{x:.2f}"` | `format_spec(&x, ".2f")?` |
//! | `t.format(x, name=y)` | `format_template(t, &[x], &[("name", y)])?` over [`Value`]s |
//! | `int(x)`, `int(s, 16)`, `float(x)` | `int(&x)?`, `int_base(&s, 16)?`, `float(&x)?` |
//! | `round(x)`, `round(x, 2)` | `round(&x)?`, `round_to(&x, 2)?` |
//! | `abs(x)`, `divmod(a, b)`, `pow(a, b, m)` | `abs(&x)`, `divmod(&a, &b)?`, `pow_mod(&a, &b, &m)?` |
//! | `bin(n)`, `oct(n)`, `hex(n)` | `bin(&n)`, `oct(&n)`, `hex(&n)` |
//! | `hash(x)` of a text or whole number | `hash(&x)` ([`Hashed`]) |
//! | `chr(n)`, `ord(s)` | `chr(&n)?`, `ord(&s)?` |
//! | `sum(xs)`, `sum(xs, start)` | `sum(xs)?`, `sum_from(xs, start)?` |
//! | `min(xs)`, `min(xs, default=d)` | `min(xs)?`, `min_or(xs, d)?` (`max` alike) |
//! | `min(xs, key=f)`, `min(xs, key=f, default=d)` | `min_by_key(xs, f)?`, `min_by_key_or(xs, f, d)?` |
//! | `min(a, b, c)` | `min([a, b, c])?` |
//! | `sorted(xs)`, `sorted(xs, reverse=True)` | `sorted(xs, false)?`, `sorted(xs, true)?` |
//! | `sorted(xs, key=f, reverse=r)` | `sorted_by_key(xs, f, r)?` |
//! | `any(xs)`, `all(xs)` | `any(xs)`, `all(xs)` over [`Truthy`] items, or `Iterator::any` |
//! | `enumerate(xs, 1)`, `zip(a, b)`, `reversed(xs)` | `enumerate(xs, 1)`, `a.into_iter().zip(b)`, `.rev()` |
//! | `range(n)`, `range(a, b)`, `range(a, b, s)` | `range(n)`, `range_from(a, b)`, `range_step(a, b, s)?` |
//! | `list(x)`, `tuple(x)`, `dict(x)`, `set(x)` | `.collect()` |
//! | `print(x, end="")`, `print(x, file=sys.stderr)` | `print("x")?`, `print_error("x\n")?` |
//! | `input("> ")` | `input_line("> ")?` |
//! | `C.A`, `C(value)`, `C[name]`, `x is C.A` of an enum of the program | `Value::Enum`, `enums::by_value(…)?`, `enums::by_name(…)?`, `enums::is_member` |
//! | **`str`** | |
//! | `s[i]`, `s[a:b]`, `s[::-1]` | `str_::item(&s, i)?`, `str_::slice(&s, a..b)`, `str_::slice(&s, Slice::new(None, None, Some(-1))?)` |
//! | `for c in s`, `list(s)` | `str_::chars(&s)` (items are `String`) |
//! | `s + t`, `s * n` | `format!("{s}{t}")`, `str_::repeat(&s, n)?` |
//! | `s.split()`, `s.split(sep)`, `(None, n)`, `(sep, n)` | `str_::split(&s)`, `split_on(&s, sep)?`, `split_max(&s, n)`, `split_on_max(&s, sep, n)?` (`rsplit…` alike) |
//! | `s.splitlines()`, `s.splitlines(True)` | `str_::splitlines(&s, false)` |
//! | `s.strip()`, `s.strip(chars)` | `str_::strip(&s)`, `str_::strip_chars(&s, chars)` (`lstrip`, `rstrip` alike) |
//! | `s.lower()`, `upper`, `title`, `capitalize`, `casefold`, `swapcase` | `str_::lower(&s)`, … |
//! | `s.replace(a, b)`, `s.replace(a, b, n)` | `str_::replace(&s, a, b)`, `str_::replace_max(&s, a, b, n)` |
//! | `s.find(t)`, `rfind`, `index`, `rindex`, `count` | `str_::find(&s, t)`, `rfind`, `index(…)?`, `rindex(…)?`, `count` |
//! | `s.find(t, a, b)` | `str_::find_in(&s, t, a..b)`, `count_in` |
//! | `s.startswith(t)`, `s.startswith((t, u))` | `str_::startswith(&s, t)`, `str_::startswith_any(&s, &[t, u])` (`endswith` alike) |
//! | `sep.join(xs)` | `str_::join(sep, xs)` |
//! | `s.isdigit()`, `isalpha`, `isalnum`, `isupper`, `islower`, `istitle`, `isspace`, `isnumeric`, `isdecimal`, `isidentifier`, `isprintable`, `isascii` | `str_::isdigit(&s)`, … |
//! | `s.zfill(n)`, `s.center(n)`, `s.center(n, c)` | `str_::zfill(&s, n)`, `str_::center(&s, n, " ")?` (`ljust`, `rjust` alike) |
//! | `s.partition(t)`, `s.rpartition(t)` | `str_::partition(&s, t)?`, `str_::rpartition(&s, t)?` |
//! | `s.removeprefix(t)`, `s.removesuffix(t)` | `str_::removeprefix(&s, t)`, … |
//! | `s.encode()`, `b.decode()` | `str_::encode(&s)`, `str_::decode(&b)?` (UTF-8) |
//! | `s.expandtabs(n)` | `str_::expandtabs(&s, n)` |
//! | **`list`** | |
//! | `xs[i]`, `xs[i] = v`, `del xs[i]` | `list::item(&xs, i)?`, `list::set_item(&mut xs, i, v)?`, `list::delete(&mut xs, i)?` |
//! | `xs[i].f = v`, `xs[i] += 1` | `*list::item_mut(&mut xs, i)? += 1` |
//! | `xs[a:b]`, `xs[a:b] = ys`, `del xs[a:b]` | `list::slice(&xs, a..b)`, `list::set_slice(&mut xs, a..b, ys)?`, `list::delete_slice(&mut xs, a..b)` |
//! | `append`, `extend`, `clear`, `copy`, `reverse` | `xs.push(v)`, `xs.extend(ys)`, `xs.clear()`, `xs.clone()`, `xs.reverse()` |
//! | `insert(i, v)`, `pop()`, `pop(i)`, `remove(v)` | `list::insert(&mut xs, i, v)?`, `list::pop(&mut xs)?`, `list::pop_at(&mut xs, i)?`, `list::remove(&mut xs, &v)?` |
//! | `xs.index(v)`, `xs.count(v)` | `list::index(&xs, &v)?`, `list::count(&xs, &v)` |
//! | `xs.sort()`, `xs.sort(key=f, reverse=r)` | `list::sort(&mut xs, false)?`, `list::sort_by_key(&mut xs, f, r)?` |
//! | `xs + ys`, `xs * n` | `ops::add(&xs, &ys)?`, `list::repeat(&xs, n)` |
//! | **`dict`** | |
//! | `{k: v}`, `{}` | `Dict::from([(k, v)])`, `Dict::new()` |
//! | `d[k]`, `d[k] = v`, `del d[k]`, `d[k] += 1` | `d.item(&k)?`, `d.insert(k, v)`, `d.delete(&k)?`, `*d.item_mut(&k)? += 1` |
//! | `d.get(k)`, `d.get(k, x)` | `d.get(&k)` (`Option<&V>`), `d.get(&k).cloned().unwrap_or(x)` |
//! | `d.setdefault(k, x)`, `d.pop(k)`, `d.pop(k, x)`, `d.popitem()` | `d.set_default(k, x)` (`&mut V`), `d.pop(&k)?`, `d.pop_or(&k, x)`, `d.pop_item()?` |
//! | `d.keys()`, `values()`, `items()` | the same, over references |
//! | `d.update(e)`, `d \| e`, `d.clear()`, `dict(d)` | `d.update(e)`, `&d \| &e`, `d.clear()`, `d.clone()` |
//! | **`set`** | |
//! | `{a, b}`, `set()` | `Set::from([a, b])`, `Set::new()` |
//! | `add`, `discard`, `remove`, `\|`, `&`, `-`, `^`, `<=` | `s.add(x)`, `s.discard(&x)`, `s.remove(&x)?`, `&a \| &b`, `&a & &b`, `&a - &b`, `&a ^ &b`, `a.is_subset(&b)` |
//! | iterating (order is not defined: refuse unless it cannot matter) | `s.unordered()` |
//! | **exceptions** | |
//! | `raise ValueError("x")`, `raise KeyError(k)` | `return Err(Exception::raise("ValueError", [Value::from("x")]))` |
//! | `class E(ValueError)`; `raise E("x")` | `static E: Class = Class::new("E", &["ValueError"…MRO]);` `Err(E.raise([Value::from("x")]))` |
//! | `except (KeyError, IndexError) as e` | `Err(e) if e.is("KeyError") \|\| e.is("IndexError")` |
//! | `return`, `break`, `continue` out of a `try` | `Leave::Return(x)`, `Leave::Break`, `Leave::Continue` out of its closure |
//! | `str(e)`, `e.args`, `type(e).__name__` | `str_of(&e)`, `e.args()?`, `e.class()` |
//! | **`re`** | |
//! | `re.compile(p, flags)` | `re::compile(p, re::IGNORECASE \| re::MULTILINE)?` (`re::NONE`) |
//! | `p.search(s)`, `p.match(s)`, `p.fullmatch(s)` | `p.search(&s)?`, `p.match_(&s)?`, `p.fullmatch(&s)?` (`Option<Match>`) |
//! | `p.findall(s)`; with 0 or 1 group | `p.findall(&s)?` (`Vec<Value>`); `p.findall_str(&s)?` (`Vec<String>`) |
//! | `p.finditer(s)`, `p.split(s, n)` | `p.finditer(&s)?` (`Vec<Match>`), `p.split(&s, n)?` (`Vec<Option<String>>`) |
//! | `p.sub(r, s, n)`, `p.sub(f, s, n)`, `p.subn` | `p.sub(r, &s, n)?`, `p.sub_with(\|m\| Ok(…), &s, n)?`, `p.subn(r, &s, n)?` (n = 0: all) |
//! | `re.search(p, s, flags)` and so on | `re::search(p, &s, flags)?` … (compiled patterns are cached) |
//! | `re.escape(s)` | `re::escape(&s)` |
//! | `m.group(1)`, `m["name"]`, `m.groups()`, `m.groupdict()` | `m.group(1)?`, `m.group("name")?` (`Option<String>`), `m.groups()`, `m.groupdict()` |
//! | `m.start()`, `m.end(1)`, `m.span(1)` | `m.start(0)?`, `m.end(1)?`, `m.span(1)?` |
//! | **`datetime`** | |
//! | `date(y, m, d)`, `datetime(y, m, d, H, M, S, us)`, `time(H, M, S, us)` | `Date::new(y, m, d)?`, `DateTime::new(y, m, d, h, mi, s, us)?`, `Time::new(h, mi, s, us)?` |
//! | `timedelta(days=1)`, `timedelta(days=1, hours=2.5)` | `TimeDelta::days(1)?`, `TimeDelta::new(DeltaParts { days: Float::from(1), hours: Float::from(2.5), ..DeltaParts::default() })?` |
//! | `datetime.fromisoformat(s)`, `x.isoformat()` | `DateTime::from_isoformat(&s)?`, `x.isoformat()` |
//! | `x.strftime(f)`, `f"{x:%d %b}"`, `datetime.strptime(s, f)` | `x.strftime(f)?`, `format_spec(&x, f)?`, `DateTime::strptime(&s, f)?` |
//! | `x + delta`, `x - y`, `delta * 2` | `ops::add(&x, &delta)?`, `ops::sub(&x, &y)?`, `ops::mul(&delta, &n)?` |
//! | `x < y` | `ops::lt(&x, &y)?`; dates, deltas also `x < y` |
//! | `x.year`, `x.weekday()`, `x.date()`, `delta.days`, `delta.total_seconds()` | `x.year()`, `x.weekday()`, `x.date()`, `delta.days_part()`, `delta.total_seconds()` |
//! | `x.replace(day=1)` | `x.replace(Replace { day: Some(1.into()), ..Replace::default() })?` |
//! | `datetime.combine(d, t)`, `x.timestamp()`, `datetime.fromtimestamp(t, timezone.utc)` | `DateTime::combine(&d, &t)`, `x.timestamp()?`, `DateTime::from_timestamp_utc(&t)?` |
//! | `timezone.utc`, `timezone(delta)`, `x.astimezone(tz)` | `TimeZone::utc()`, `TimeZone::offset(&delta)?`, `x.astimezone(&tz)?` |
//! | `datetime.now()`, `datetime.now(timezone.utc)`, `datetime.utcnow()`, `date.today()` | `DateTime::now()?`, `DateTime::now_utc()?`, `DateTime::utcnow()?`, `Date::today()?` |
//! | **`time`, `os`, `uuid`** | |
//! | `time.time()`, `time.perf_counter()`, `time.sleep(s)` | `time::time()`, `time::perf_counter()`, `time::sleep(&s)?` |
//! | `os.getenv(k)`, `os.environ[k]` | `os::getenv(k)?` (`Option<String>`), `os::environ(k)?` |
//! | `str(uuid.uuid4())`, `uuid.uuid4().hex` | `uuid::uuid4()`, `uuid::uuid4_hex()` |
//! | what a logger's handlers write | `logging::write(&message, &[("stderr", "%(message)s", "")])?` |
//! | `time.strftime(f)`, `os.system(c)` | `time::strftime(f)?`, `os::system(c)?` |
//! | **`hashlib`**: `hashlib.md5(s.encode()).hexdigest()` | `hashlib::md5(&s)`, `sha1`, `sha256`, `sha512` |
//! | **`urllib.parse`**: `quote(s, safe)`, `quote_plus`, `unquote`, `unquote_plus` | `urllib::quote(&s, &safe)`, `quote_plus`, `unquote`, `unquote_plus` |
//! | **`collections`**: `Counter(xs)` of texts | [`Counter::of`], `most_common(n)`, `ranked()`, `items()`, … |
//! | `X` of a module, where functions say `global X`; `X = v` there | `module_state::get("m.X", first)`, `module_state::set("m.X", v)` |
//! | **`json`** | |
//! | `json.dumps(x)`, with options | `json::dumps(&x)?`, `json::dumps_with(&x, &Dumps { indent: Some(2), sort_keys: true, ..Dumps::default() })?` |
//! | `json.loads(s)` | `json::loads(&s)?` ([`Value`]) |
//! | **`random`** | |
//! | `random.seed(1)`, `random.random()`, `randint`, … | `random::seed(x)?`, `random::random()`, `random::randint(a, b)?`, `randrange(n)?`, `uniform(a, b)?`, `choice(&xs)?`, `choices`, `shuffle`, `sample`, `gauss` |
//! | `random.Random(1)` | `Random::seeded(x)?` with the same methods |
//! | **`math`** | `math::sqrt(&x)?`, `floor`, `ceil`, `trunc`, `log`, `log2`, `log10`, `exp`, `sin`, …, `gcd`, `isclose`, `PI` |
//! | **`Any`** ([`Value`]) | |
//! | `x` of a known type given to `Any` | `Value::from(x)` |
//! | `Any` given to a known type | `x.to::<String>()?` ([`FromValue`]) |
//! | `x[k]`, `x[k] = v`, `x[a:b]`, `x.f`, `x.get("k")` | `x.item("k")?`, `x.set_item("k", v)?`, `x.slice(a..b)?`, `x.attr("f")?`, `x.call("get", &["k".into()])?` |
//! | `for y in x` | `for y in x.iter()?` |
//! | `a, b = x`; of a list | `let (a, b) = unpack_2(x.unpacked()?)?`; `unpack_2(xs)?` |
//! | `type(x).__name__` | `x.class_name()` |
//! | `isinstance(x, (str, int))` | `x.is_instance("str") \|\| x.is_instance("int")` |

pub mod asyncio;
mod builtins;
mod bytes;
mod constant;
mod counter;
mod datetime;
mod dict;
pub mod enums;
mod exception;
pub mod files;
mod float;
mod format;
mod hash;
pub mod hashlib;
mod int;
pub mod json;
mod leave;
pub mod list;
pub mod logging;
pub mod math;
pub mod module_state;
pub mod ops;
mod order;
pub mod os;
mod output;
pub mod pathlib;
mod protocol;
pub mod random;
mod range;
pub mod re;
mod repr;
pub mod rich;
mod set;
mod slice;
mod sort;
pub mod str_;
pub mod tenacity;
pub mod termcolor;
pub mod time;
mod trace;
mod unicode;
mod unpack;
pub mod urllib;
pub mod uuid;
mod value;

pub use builtins::{
    Abs, Round, ToFloat, ToInt, abs, all, any, bin, chr, divmod, divmod_floats, enumerate, float,
    hex, int, int_base, max, max_by_key, max_by_key_or, max_or, min, min_by_key, min_by_key_or,
    min_or, oct, ord, pow_mod, round, round_to, sorted, sorted_by_key, sum, sum_from,
};
pub use bytes::Bytes;
pub use constant::Constant;
pub use counter::Counter;
pub use datetime::{Date, DateTime, DeltaParts, Replace, Time, TimeDelta, TimeZone};
pub use dict::Dict;
pub use exception::{Class, Exception};
pub use float::Float;
pub use format::{PyFormat, format_spec, format_template};
pub use hash::{Hashed, hash};
pub use int::Int;
pub use leave::Leave;
pub use order::PyOrd;
pub use output::{input_line, print, print_error, quietly};
pub use protocol::{Contains, PyLen, Truthy, contains, len};
pub use random::Random;
pub use range::{Range, range, range_from, range_step};
pub use repr::{PyRepr, repr, str_of};
pub use set::Set;
pub use slice::Slice;
pub use unpack::{unpack_1, unpack_2, unpack_3, unpack_4, unpack_5, unpack_6};
pub use value::{FromValue, Value};
