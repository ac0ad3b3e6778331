//! LangGraph's tables in an SQLite file, as its `SqliteSaver` makes and uses them.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Row as Found, params};

use crate::codec::Typed;
use crate::store::{Place, Put, Row, Store, StoreError, StoredWrite, replaces};

const TABLES: &str = "
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS checkpoints (
        thread_id TEXT NOT NULL,
        checkpoint_ns TEXT NOT NULL DEFAULT '',
        checkpoint_id TEXT NOT NULL,
        parent_checkpoint_id TEXT,
        type TEXT,
        checkpoint BLOB,
        metadata BLOB,
        PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id)
    );
    CREATE TABLE IF NOT EXISTS writes (
        thread_id TEXT NOT NULL,
        checkpoint_ns TEXT NOT NULL DEFAULT '',
        checkpoint_id TEXT NOT NULL,
        task_id TEXT NOT NULL,
        task_path TEXT NOT NULL DEFAULT '',
        idx INTEGER NOT NULL,
        channel TEXT NOT NULL,
        type TEXT,
        value BLOB,
        PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id, task_id, idx)
    );
";
const CHECKPOINTS: &str = "SELECT checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata \
     FROM checkpoints WHERE thread_id = ?1 AND checkpoint_ns = ?2";
const WRITES: &str = "SELECT task_id, task_path, idx, channel, type, value FROM writes \
     WHERE thread_id = ?1 AND checkpoint_ns = ?2 AND checkpoint_id = ?3 \
     ORDER BY task_path, task_id, idx";

/// How long to wait for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// An SQLite database with LangGraph's tables.
#[derive(Debug)]
pub struct Sqlite(Mutex<Connection>);

impl Sqlite {
    /// Opens a database file, which is made if there is none.
    ///
    /// # Errors
    /// When it cannot be opened, or is no database.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Ok(Self::with_tables(Connection::open(path)?)?)
    }

    /// A database in memory.
    ///
    /// # Errors
    /// When SQLite cannot make one.
    pub fn in_memory() -> Result<Self, StoreError> {
        Ok(Self::with_tables(Connection::open_in_memory()?)?)
    }

    fn with_tables(connection: Connection) -> rusqlite::Result<Self> {
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch(TABLES)?;
        // a file of LangGraph before 2025 has no paths
        let known = connection
            .prepare("SELECT 1 FROM pragma_table_info('writes') WHERE name = 'task_path'")?
            .exists([])?;
        if !known {
            connection.execute(
                "ALTER TABLE writes ADD COLUMN task_path TEXT NOT NULL DEFAULT ''",
                [],
            )?;
        }
        Ok(Sqlite(Mutex::new(connection)))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // a transaction that a panic has left is rolled back as it is dropped
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Sqlite {
    fn get(&self, place: &Place, id: Option<&str>) -> Result<Option<Row>, StoreError> {
        let connection = self.connection();
        let found = match id {
            Some(id) => connection
                .prepare_cached(&format!("{CHECKPOINTS} AND checkpoint_id = ?3"))?
                .query_row(params![place.thread, place.namespace, id], read_put)
                .optional()?,
            None => connection
                .prepare_cached(&format!(
                    "{CHECKPOINTS} ORDER BY checkpoint_id DESC LIMIT 1"
                ))?
                .query_row(params![place.thread, place.namespace], read_put)
                .optional()?,
        };
        let row = found.map(|put| with_writes(&connection, place, put));
        Ok(row.transpose()?)
    }

    fn list(&self, place: &Place) -> Result<Vec<Row>, StoreError> {
        let connection = self.connection();
        let mut query =
            connection.prepare_cached(&format!("{CHECKPOINTS} ORDER BY checkpoint_id DESC"))?;
        let found = query.query_map(params![place.thread, place.namespace], read_put)?;
        let rows = found.map(|put| with_writes(&connection, place, put?));
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn put(&self, place: &Place, put: &Put) -> Result<(), StoreError> {
        let connection = self.connection();
        let mut insert = connection.prepare_cached(
            "INSERT OR REPLACE INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, \
             parent_checkpoint_id, type, checkpoint, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?;
        insert.execute(params![
            place.thread,
            place.namespace,
            put.id,
            put.parent,
            put.checkpoint.kind,
            put.checkpoint.data,
            put.metadata.as_bytes(),
        ])?;
        Ok(())
    }

    fn put_writes(
        &self,
        place: &Place,
        checkpoint: &str,
        writes: &[StoredWrite],
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let kept = if replaces(writes) {
            "REPLACE"
        } else {
            "IGNORE"
        };
        {
            let mut insert = transaction.prepare_cached(&format!(
                "INSERT OR {kept} INTO writes (thread_id, checkpoint_ns, checkpoint_id, task_id, \
                 task_path, idx, channel, type, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            ))?;
            for write in writes {
                insert.execute(params![
                    place.thread,
                    place.namespace,
                    checkpoint,
                    write.task,
                    write.path,
                    write.index,
                    write.channel,
                    write.value.kind,
                    write.value.data,
                ])?;
            }
        }
        Ok(transaction.commit()?)
    }

    fn delete(&self, thread: &str) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM checkpoints WHERE thread_id = ?1", [thread])?;
        transaction.execute("DELETE FROM writes WHERE thread_id = ?1", [thread])?;
        Ok(transaction.commit()?)
    }
}

fn read_put(found: &Found<'_>) -> rusqlite::Result<Put> {
    let metadata: Option<Vec<u8>> = match found.get_ref(4)? {
        rusqlite::types::ValueRef::Null => None,
        value => Some(value.as_bytes()?.to_vec()),
    };
    Ok(Put {
        id: found.get(0)?,
        parent: found.get(1)?,
        checkpoint: Typed {
            kind: found.get(2)?,
            data: found.get(3)?,
        },
        metadata: metadata.map_or_else(
            || "{}".to_owned(),
            |text| String::from_utf8_lossy(&text).into_owned(),
        ),
    })
}

fn with_writes(connection: &Connection, place: &Place, put: Put) -> rusqlite::Result<Row> {
    let mut query = connection.prepare_cached(WRITES)?;
    let writes = query.query_map(params![place.thread, place.namespace, put.id], |found| {
        Ok(StoredWrite {
            task: found.get(0)?,
            path: found.get(1)?,
            index: found.get(2)?,
            channel: found.get(3)?,
            value: Typed {
                kind: found.get(4)?,
                data: found.get(5)?,
            },
        })
    })?;
    let writes = writes.collect::<rusqlite::Result<_>>()?;
    Ok(Row { put, writes })
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Database(format!("SQLite: {error}"))
    }
}
