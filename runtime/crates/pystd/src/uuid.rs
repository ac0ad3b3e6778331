//! Python's `uuid`.

/// `str(uuid.uuid4())`
pub fn uuid4() -> String {
    ::uuid::Uuid::new_v4().hyphenated().to_string()
}

/// `uuid.uuid4().hex`
pub fn uuid4_hex() -> String {
    ::uuid::Uuid::new_v4().simple().to_string()
}
