//! `#[derive(Record)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{DeriveInput, Error, Field, Ident, LitStr, Result, Type, Visibility};

use crate::attributes::{all_distinct, named_fields, python_name, slot_type};

/// What the struct is in Python.
enum Kind {
    TypedDict,
    Dataclass { class: LitStr },
}

impl Kind {
    fn read(input: &DeriveInput) -> Result<Self> {
        let (mut dataclass, mut typed_dict, mut class) = (false, false, None);
        for attribute in input
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("record"))
        {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("typed_dict") {
                    typed_dict = true;
                } else if meta.path.is_ident("dataclass") {
                    dataclass = true;
                } else if meta.path.is_ident("class") {
                    class = Some(meta.value()?.parse()?);
                } else {
                    return Err(meta.error("expected `typed_dict`, `dataclass` or `class`"));
                }
                Ok(())
            })?;
        }
        match (typed_dict, dataclass, class) {
            (true, true, _) => Err(Error::new(
                input.ident.span(),
                "a record is a `typed_dict` or a `dataclass`, not both",
            )),
            (_, true, None) => Err(Error::new(
                input.ident.span(),
                "a `dataclass` record needs `class = \"module.Name\"`",
            )),
            (_, true, Some(class)) => Ok(Kind::Dataclass { class }),
            (_, false, _) => Ok(Kind::TypedDict),
        }
    }
}

struct Member<'a> {
    visibility: &'a Visibility,
    field: &'a Ident,
    name: LitStr,
    whole: &'a Type,
}

impl<'a> Member<'a> {
    fn read(field: &'a Field) -> Result<Self> {
        let ident = field
            .ident
            .as_ref()
            .ok_or_else(|| Error::new_spanned(field, "a field needs a name"))?;
        let mut rename = None;
        for attribute in field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("record"))
        {
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("rename") {
                    return Err(meta.error("expected `rename`"));
                }
                rename = Some(meta.value()?.parse()?);
                Ok(())
            })?;
        }
        if slot_type(&field.ty).is_some() && ident.unraw() == "clone" {
            let message = "a record field cannot be called `clone`; call it `clone_` with \
                           #[record(rename = \"clone\")]";
            return Err(Error::new(ident.span(), message));
        }
        Ok(Member {
            visibility: &field.vis,
            field: ident,
            name: python_name(ident, rename)?,
            whole: &field.ty,
        })
    }

    fn encode(&self) -> TokenStream {
        let Member { field, name, .. } = self;
        if slot_type(self.whole).is_some() {
            quote!(fields.put_slot(#name, &self.#field);)
        } else {
            quote!(fields.put(#name, &self.#field);)
        }
    }

    fn decode(&self) -> TokenStream {
        let Member { field, name, .. } = self;
        if slot_type(self.whole).is_some() {
            quote!(#field: fields.take(#name)?)
        } else {
            quote!(#field: fields.require(#name)?)
        }
    }

    fn accessor(&self, class: Option<&str>) -> Option<TokenStream> {
        let Member {
            visibility,
            field,
            name,
            whole,
        } = self;
        let value = slot_type(whole)?;
        let (doc, get) = match class {
            None => (
                format!(
                    "`record[{:?}]`.\n\n# Errors\n`KeyError` while it is absent.",
                    name.value()
                ),
                quote!(self.#field.get(#name)),
            ),
            Some(class) => (
                format!(
                    "`record.{}`.\n\n# Errors\n`AttributeError` while it is absent.",
                    name.value()
                ),
                quote!(self.#field.get_attribute(#class, #name)),
            ),
        };
        Some(quote! {
            #[doc = #doc]
            #visibility fn #field(&self) -> ::core::result::Result<&#value, ::langferry::Exception> {
                #get
            }
        })
    }
}

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let kind = Kind::read(input)?;
    let members: Vec<Member<'_>> = named_fields(input, "Record")?
        .map(Member::read)
        .collect::<Result<_>>()?;
    all_distinct(members.iter().map(|member| &member.name))?;

    let record = &input.ident;
    let record_name = record.unraw().to_string();
    let names: Vec<&LitStr> = members.iter().map(|member| &member.name).collect();
    let encode = members.iter().map(Member::encode);
    let decode = members.iter().map(Member::decode);
    let accessors = members.iter().filter_map(|member| {
        member.accessor(matches!(kind, Kind::Dataclass { .. }).then_some(record_name.as_str()))
    });
    let (finish, open) = match &kind {
        Kind::TypedDict => (
            quote!(fields.into_dict()),
            quote!(::langferry::Fields::of_dict(#record_name, &[#(#names),*], encoded)?),
        ),
        Kind::Dataclass { class } => (
            quote!(fields.into_object(#class)),
            quote!(::langferry::Fields::of_object(#class, &[#(#names),*], encoded)?),
        ),
    };

    Ok(quote! {
        #[automatically_derived]
        impl ::langferry::TraceValue for #record {
            fn to_trace(&self) -> ::langferry::Json {
                let mut fields = ::langferry::EncodedFields::default();
                #(#encode)*
                #finish
            }

            fn from_trace(
                encoded: &::langferry::Json,
            ) -> ::core::result::Result<Self, ::langferry::DecodeError> {
                let mut fields = #open;
                ::core::result::Result::Ok(Self { #(#decode),* })
            }
        }

        #[automatically_derived]
        impl #record {
            #(#accessors)*
        }
    })
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::derive;

    fn refused(input: syn::DeriveInput) -> String {
        derive(&input).expect_err("the struct is wrong").to_string()
    }

    #[test]
    fn a_dataclass_has_a_class() {
        let message = refused(parse_quote!(
            #[record(dataclass)]
            struct R {
                a: u8,
            }
        ));
        assert_eq!(
            message,
            "a `dataclass` record needs `class = \"module.Name\"`"
        );
        let message = refused(parse_quote!(
            #[record(dataclass, typed_dict)]
            struct R {
                a: u8,
            }
        ));
        assert_eq!(
            message,
            "a record is a `typed_dict` or a `dataclass`, not both"
        );
    }

    #[test]
    fn attributes_are_checked() {
        let message = refused(parse_quote!(
            #[record(dict)]
            struct R {
                a: u8,
            }
        ));
        assert_eq!(message, "expected `typed_dict`, `dataclass` or `class`");
        let message = refused(parse_quote!(
            struct R {
                #[record(name = "b")]
                a: u8,
            }
        ));
        assert_eq!(message, "expected `rename`");
        let message = refused(parse_quote!(
            struct R {
                clone: Slot<u8>,
            }
        ));
        assert!(message.contains("call it `clone_`"), "{message}");
    }
}
