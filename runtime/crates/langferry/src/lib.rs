//! The facade generated programs use: typed graphs on the tokio driver.
