use crate::IoError;
use crate::bytes::Cursor;

pub(super) const MAGIC: &[u8] = b"GWYP";
/// Gwyddion's own files nest four deep.
const DEPTH_MAX: usize = 32;
/// Components of one file; each takes up to a hundred bytes of memory for three bytes of file.
const COMPONENTS_MAX: usize = 200_000;

/// The whole of a `.gwy` file: everything in it is kept, also what Amorph does not understand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Container {
    /// The outermost object, a `GwyContainer`.
    pub root: Object,
}

/// A named list of components.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object {
    /// Type name, for instance `GwyDataField`.
    pub name: Vec<u8>,
    /// Names and values, in file order.
    pub components: Vec<(Vec<u8>, Value)>,
}

/// A serialised value, by its type character.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `b`: true where not zero.
    Boolean(u8),
    /// `c`
    Character(u8),
    /// `i`
    Integer(i32),
    /// `q`
    Long(i64),
    /// `d`
    Double(f64),
    /// `s`
    Text(Vec<u8>),
    /// `o`
    Object(Object),
    /// `C`
    Characters(Vec<u8>),
    /// `I`
    Integers(Vec<i32>),
    /// `Q`
    Longs(Vec<i64>),
    /// `D`
    Doubles(Vec<f64>),
    /// `S`
    Texts(Vec<Vec<u8>>),
    /// `O`
    Objects(Vec<Object>),
}

impl Container {
    /// Reads a whole file.
    ///
    /// # Errors
    /// [`IoError`] when anything in it is damaged.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, IoError> {
        let (container, damage) = Self::salvage(file, bytes)?;
        damage.map_or(Ok(container), Err)
    }

    /// Reads as many components of the outermost object as are complete, and what ended them.
    pub(super) fn salvage(file: &str, bytes: &[u8]) -> Result<(Self, Option<IoError>), IoError> {
        let mut cursor = Cursor::new(file, bytes, false);
        if cursor.take(MAGIC.len(), "the magic")? != MAGIC {
            return Err(wrong(file, "the magic", "not GWYP", "GWYP"));
        }
        let name = cursor.until_nul("the name of the container")?.to_vec();
        let size = cursor.u32("the size of the container")? as usize;
        let mut damage = (size > cursor.remaining()).then(|| IoError::Truncated {
            file: file.to_owned(),
            part: "the container".to_owned(),
            expected: size as u64,
            found: cursor.remaining() as u64,
        });
        let content = cursor.take(size.min(cursor.remaining()), "the container")?;
        let mut reader = Reader { cursor: Cursor::new(file, content, false), budget: COMPONENTS_MAX };
        let mut root = Object { name, components: Vec::new() };
        while reader.cursor.remaining() > 0 {
            match reader.component(0) {
                Ok(component) => root.components.push(component),
                Err(error) => {
                    damage = Some(error);
                    break;
                }
            }
        }
        Ok((Self { root }, damage))
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        write_object(&self.root, &mut bytes);
        bytes
    }

    /// The value under a key such as `/0/data`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.root.get(key)
    }

    /// Sets the value under a key, in its old place where there is one.
    pub fn set(&mut self, key: &str, value: Value) {
        self.root.set(key, value);
    }
}

impl Object {
    /// An empty object of a type.
    pub fn new(name: &str) -> Self {
        Self { name: name.as_bytes().to_vec(), components: Vec::new() }
    }

    /// The value of a component.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.components.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    /// Sets a component, in its old place where there is one.
    pub fn set(&mut self, key: &str, value: Value) {
        match self.components.iter_mut().find(|(name, _)| name == key.as_bytes()) {
            Some((_, old)) => *old = value,
            None => self.components.push((key.as_bytes().to_vec(), value)),
        }
    }

    /// The text of a component.
    pub fn text(&self, key: &str) -> Option<String> {
        match self.get(key)? {
            Value::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
            _ => None,
        }
    }

    /// The object in a component.
    pub fn object(&self, key: &str) -> Option<&Object> {
        match self.get(key)? {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    budget: usize,
}

impl Reader<'_> {
    fn component(&mut self, depth: usize) -> Result<(Vec<u8>, Value), IoError> {
        let file = self.cursor.file();
        self.budget = self.budget.checked_sub(1).ok_or_else(|| IoError::TooLarge {
            file: file.to_owned(),
            field: "the number of components".to_owned(),
            claimed: format!("more than {COMPONENTS_MAX}"),
            available: COMPONENTS_MAX as u64,
        })?;
        let name = self.cursor.until_nul("the name of a component")?.to_vec();
        let label = String::from_utf8_lossy(&name).into_owned();
        let kind = self.cursor.u8(&label)?;
        Ok((name, self.value(kind, &label, depth)?))
    }

    fn value(&mut self, kind: u8, label: &str, depth: usize) -> Result<Value, IoError> {
        Ok(match kind {
            b'b' => Value::Boolean(self.cursor.u8(label)?),
            b'c' => Value::Character(self.cursor.u8(label)?),
            b'i' => Value::Integer(self.cursor.i32(label)?),
            b'q' => Value::Long(self.cursor.i64(label)?),
            b'd' => Value::Double(self.cursor.f64(label)?),
            b's' => Value::Text(self.cursor.until_nul(label)?.to_vec()),
            b'o' => Value::Object(self.object(label, depth)?),
            b'C' => Value::Characters(self.array(label, 1)?.to_vec()),
            b'I' => Value::Integers(self.array(label, 4)?.as_chunks().0.iter().map(|raw| i32::from_le_bytes(*raw)).collect()),
            b'Q' => Value::Longs(self.array(label, 8)?.as_chunks().0.iter().map(|raw| i64::from_le_bytes(*raw)).collect()),
            b'D' => Value::Doubles(self.array(label, 8)?.as_chunks().0.iter().map(|raw| f64::from_le_bytes(*raw)).collect()),
            b'S' => {
                let count = self.items(label)?;
                let mut texts = Vec::new();
                for _ in 0..count {
                    texts.push(self.cursor.until_nul(label)?.to_vec());
                }
                Value::Texts(texts)
            }
            b'O' => {
                let count = self.items(label)?;
                let mut objects = Vec::new();
                for _ in 0..count {
                    objects.push(self.object(label, depth)?);
                }
                Value::Objects(objects)
            }
            other => {
                let found = char::from(other).escape_default().to_string();
                return Err(wrong(
                    self.cursor.file(),
                    &format!("the type of component {label}"),
                    &found,
                    "one of b c i q d s o C I Q D S O",
                ));
            }
        })
    }

    fn object(&mut self, label: &str, depth: usize) -> Result<Object, IoError> {
        let file = self.cursor.file();
        if depth >= DEPTH_MAX {
            return Err(wrong(file, &format!("the depth of {label}"), "more than 32", "at most 32"));
        }
        let name = self.cursor.until_nul(label)?.to_vec();
        let size = self.cursor.u32(label)? as usize;
        let content = self.cursor.take(size, label)?;
        let mut inner = Reader { cursor: Cursor::new(file, content, false), budget: self.budget };
        let mut object = Object { name, components: Vec::new() };
        while inner.cursor.remaining() > 0 {
            object.components.push(inner.component(depth + 1)?);
        }
        self.budget = inner.budget;
        Ok(object)
    }

    /// The bytes of an array of numbers, which must be inside the file before anything is allocated.
    fn array(&mut self, label: &str, size: usize) -> Result<&[u8], IoError> {
        let count = self.cursor.u32(label)? as usize;
        self.cursor.take(count.saturating_mul(size), label)
    }

    /// The number of texts or objects that follow; they count as components.
    fn items(&mut self, label: &str) -> Result<usize, IoError> {
        let count = self.cursor.u32(label)? as usize;
        if count > self.cursor.remaining() || count > self.budget {
            return Err(IoError::TooLarge {
                file: self.cursor.file().to_owned(),
                field: format!("the number of items of {label}"),
                claimed: count.to_string(),
                available: self.cursor.remaining().min(self.budget) as u64,
            });
        }
        self.budget -= count;
        Ok(count)
    }
}

fn wrong(file: &str, field: &str, found: &str, needed: &'static str) -> IoError {
    IoError::Field { file: file.to_owned(), field: field.to_owned(), found: found.to_owned(), needed }
}

fn write_object(object: &Object, bytes: &mut Vec<u8>) {
    write_text(&object.name, bytes);
    let size_at = bytes.len();
    bytes.extend([0; 4]);
    for (name, value) in &object.components {
        write_text(name, bytes);
        write_value(value, bytes);
    }
    let size = (bytes.len() - size_at - 4) as u32;
    bytes[size_at..size_at + 4].copy_from_slice(&size.to_le_bytes());
}

fn write_value(value: &Value, bytes: &mut Vec<u8>) {
    let array = |bytes: &mut Vec<u8>, kind: u8, count: usize| {
        bytes.push(kind);
        bytes.extend((count as u32).to_le_bytes());
    };
    match value {
        Value::Boolean(value) => bytes.extend([b'b', *value]),
        Value::Character(value) => bytes.extend([b'c', *value]),
        Value::Integer(value) => {
            bytes.push(b'i');
            bytes.extend(value.to_le_bytes());
        }
        Value::Long(value) => {
            bytes.push(b'q');
            bytes.extend(value.to_le_bytes());
        }
        Value::Double(value) => {
            bytes.push(b'd');
            bytes.extend(value.to_le_bytes());
        }
        Value::Text(text) => {
            bytes.push(b's');
            write_text(text, bytes);
        }
        Value::Object(object) => {
            bytes.push(b'o');
            write_object(object, bytes);
        }
        Value::Characters(values) => {
            array(bytes, b'C', values.len());
            bytes.extend(values);
        }
        Value::Integers(values) => {
            array(bytes, b'I', values.len());
            values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        }
        Value::Longs(values) => {
            array(bytes, b'Q', values.len());
            values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        }
        Value::Doubles(values) => {
            array(bytes, b'D', values.len());
            bytes.reserve(8 * values.len());
            values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        }
        Value::Texts(texts) => {
            array(bytes, b'S', texts.len());
            texts.iter().for_each(|text| write_text(text, bytes));
        }
        Value::Objects(objects) => {
            array(bytes, b'O', objects.len());
            objects.iter().for_each(|object| write_object(object, bytes));
        }
    }
}

/// A NUL inside would end the text early.
fn write_text(text: &[u8], bytes: &mut Vec<u8>) {
    bytes.extend(text.iter().copied().take_while(|&byte| byte != 0));
    bytes.push(0);
}
