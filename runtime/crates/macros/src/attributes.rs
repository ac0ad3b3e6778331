//! Reading the fields of a struct and the attributes on them.

use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{
    Data, DeriveInput, Error, Field, Fields, GenericArgument, Ident, LitStr, PathArguments, Result,
    Type,
};

/// The named fields of the struct that `derive` is put on.
pub(crate) fn named_fields<'a>(
    input: &'a DeriveInput,
    derive: &str,
) -> Result<impl Iterator<Item = &'a Field>> {
    if !input.generics.params.is_empty() {
        let message = format!("`{derive}` cannot be derived for a generic struct");
        return Err(Error::new(input.generics.span(), message));
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(fields.named.iter()),
            Fields::Unit | Fields::Unnamed(_) => Err(Error::new(
                input.ident.span(),
                format!("`{derive}` needs a struct with named fields"),
            )),
        },
        Data::Enum(_) | Data::Union(_) => {
            let message = format!("`{derive}` can only be derived for a struct");
            Err(Error::new(input.ident.span(), message))
        }
    }
}

/// The `T` of `Slot<T>`.
pub(crate) fn slot_type(field: &Type) -> Option<&Type> {
    let Type::Path(path) = field else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if last.ident == "Slot" => Some(inner),
        _ => None,
    }
}

/// A field's Python name: what `rename` says, else its Rust name without `r#`.
pub(crate) fn python_name(field: &Ident, rename: Option<LitStr>) -> Result<LitStr> {
    let name = rename.unwrap_or_else(|| LitStr::new(&field.unraw().to_string(), field.span()));
    if name.value() == "$type" {
        return Err(Error::new(
            name.span(),
            "the key `$type` is the trace's own",
        ));
    }
    Ok(name)
}

/// Refuses a second field of the same Python name.
pub(crate) fn all_distinct<'a>(names: impl IntoIterator<Item = &'a LitStr>) -> Result<()> {
    let mut seen = Vec::new();
    for name in names {
        if seen.contains(&name.value()) {
            let message = format!("two fields are named `{}`", name.value());
            return Err(Error::new(name.span(), message));
        }
        seen.push(name.value());
    }
    Ok(())
}
