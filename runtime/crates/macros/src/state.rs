//! `#[derive(State)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::{DeriveInput, Error, Expr, Field, Ident, LitStr, Path, Result, Type, Visibility};

use crate::attributes::{all_distinct, named_fields, python_name, slot_type};

/// Names whose accessor or setter would hide a method that generated code calls.
const TAKEN: [&str; 6] = ["update", "clone", "into", "put", "set_slot", "spread"];

struct Channel<'a> {
    visibility: &'a Visibility,
    field: &'a Ident,
    name: LitStr,
    value: &'a Type,
    reducer: Option<Path>,
    initial: Initial,
    default: Option<LitStr>,
    float: bool,
    transient: bool,
}

/// What a reducer's channel holds before the first write.
enum Initial {
    /// The type's default.
    Default,
    Is(Box<Expr>),
    Nothing,
}

/// The qualified name of the class that LangGraph makes objects of, in `#[state(object = "...")]`, and whether
/// it is a pydantic `model`.
fn object_class(input: &DeriveInput) -> Result<Option<(LitStr, bool)>> {
    let (mut class, mut model) = (None, false);
    for attribute in input
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("state"))
    {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("model") {
                model = true;
                return Ok(());
            }
            if !meta.path.is_ident("object") {
                return Err(meta.error("expected `object` or `model`"));
            }
            class = Some(meta.value()?.parse()?);
            Ok(())
        })?;
    }
    Ok(class.map(|class| (class, model)))
}

impl<'a> Channel<'a> {
    fn read(field: &'a Field) -> Result<Self> {
        let name = field
            .ident
            .as_ref()
            .ok_or_else(|| Error::new_spanned(field, "a field needs a name"))?;
        if TAKEN.contains(&name.unraw().to_string().as_str()) {
            let message = format!(
                "a state field cannot be called `{name}`; call it `{name}_` with #[state(rename = \"{name}\")]"
            );
            return Err(Error::new(name.span(), message));
        }
        let value = slot_type(&field.ty)
            .ok_or_else(|| Error::new_spanned(&field.ty, "a state field must be a `Slot<T>`"))?;
        let (mut rename, mut reducer, mut initial) = (None, None, Initial::Default);
        let (mut default, mut float, mut transient) = (None, false, false);
        for attribute in field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("state"))
        {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    rename = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("reducer") {
                    reducer = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("no_initial") {
                    initial = Initial::Nothing;
                } else if meta.path.is_ident("initial") {
                    initial = Initial::Is(meta.value()?.parse()?);
                } else if meta.path.is_ident("default") {
                    default = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("float") {
                    float = true;
                } else if meta.path.is_ident("transient") {
                    transient = true;
                } else {
                    return Err(meta.error(
                        "expected `rename`, `reducer`, `no_initial`, `initial`, `default`, `float` or `transient`",
                    ));
                }
                Ok(())
            })?;
        }
        if reducer.is_none() && !matches!(initial, Initial::Default) {
            let message = "`initial` and `no_initial` need a `reducer`";
            return Err(Error::new(name.span(), message));
        }
        if transient && reducer.is_some() {
            let message = "a `transient` channel has no `reducer`";
            return Err(Error::new(name.span(), message));
        }
        let name_literal = python_name(name, rename)?;
        Ok(Channel {
            visibility: &field.vis,
            field: name,
            name: name_literal,
            value,
            reducer,
            initial,
            default,
            float,
            transient,
        })
    }

    fn spec(&self) -> TokenStream {
        let Channel { name, value, .. } = self;
        let spec = quote!(::langferry::ChannelSpec::last_value::<#value>(#name));
        let Some(reducer) = &self.reducer else {
            return if self.transient {
                quote!(#spec.for_one_step())
            } else {
                spec
            };
        };
        let fold = quote!(|current, changes| {
            ::langferry::reduce_with::<#value, _>(current, changes, #reducer)
        });
        let reduction = quote!(::langferry::Reduction::new::<#value, _, _>(&#reducer, #fold));
        let spec = quote!(#spec.with_reduction(#reduction));
        match &self.initial {
            Initial::Default => quote!(#spec.with_initial::<#value>()),
            Initial::Is(expression) => quote!(#spec.starting_with(|| {
                let initial: #value = #expression;
                ::std::sync::Arc::new(initial)
            })),
            Initial::Nothing => spec,
        }
    }

    /// What making an object does with the field.
    fn object_field(&self) -> TokenStream {
        let Channel { name, float, .. } = self;
        let default = match &self.default {
            Some(text) => quote!(::core::option::Option::Some(#text)),
            None => quote!(::core::option::Option::None),
        };
        quote!(::langferry::ObjectField { name: #name, default: #default, float: #float })
    }

    fn accessor(&self) -> TokenStream {
        let Channel {
            visibility,
            field,
            name,
            value,
            ..
        } = self;
        let doc = format!(
            "`state[{:?}]`.\n\n# Errors\n`KeyError` while it is absent.",
            name.value()
        );
        quote! {
            #[doc = #doc]
            #visibility fn #field(&self) -> ::core::result::Result<&#value, ::langferry::Exception> {
                self.#field.get(#name)
            }
        }
    }

    fn setter(&self) -> TokenStream {
        let Channel {
            visibility,
            field,
            name,
            value,
            ..
        } = self;
        let doc = format!("Writes {:?}.", name.value());
        quote! {
            #[doc = #doc]
            #[must_use]
            #visibility fn #field(mut self, value: #value) -> Self {
                self.0.set(#name, value);
                self
            }
        }
    }
}

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let channels: Vec<Channel<'_>> = named_fields(input, "State")?
        .map(Channel::read)
        .collect::<Result<_>>()?;
    all_distinct(channels.iter().map(|channel| &channel.name))?;

    let DeriveInput {
        ident: state,
        vis: visibility,
        ..
    } = input;
    let update = format_ident!("{}Update", state.unraw());
    let update_doc = format!("Writes to the channels of [`{state}`], in the order of the calls.");
    let state_name = state.unraw().to_string();

    let fields = channels
        .iter()
        .map(|channel| channel.field)
        .collect::<Vec<_>>();
    let names = channels
        .iter()
        .map(|channel| &channel.name)
        .collect::<Vec<_>>();
    let specs = channels.iter().map(Channel::spec);
    let accessors = channels.iter().map(Channel::accessor);
    let setters = channels.iter().map(Channel::setter);
    let object = object_class(input)?.map(|(class, model)| {
        let fields = channels.iter().map(Channel::object_field);
        quote! {
            const OBJECT: ::core::option::Option<&'static ::langferry::ObjectClass> =
                ::core::option::Option::Some(&::langferry::ObjectClass {
                    class: #class,
                    model: #model,
                    fields: &[#(#fields),*],
                });
        }
    });

    Ok(quote! {
        #[automatically_derived]
        impl ::langferry::State for #state {
            const NAME: &'static str = #state_name;

            #object

            fn channels() -> ::std::vec::Vec<::langferry::ChannelSpec> {
                ::std::vec![#(#specs),*]
            }

            fn read(
                fields: &mut ::langferry::Fields<'_>,
            ) -> ::core::result::Result<Self, ::langferry::DecodeError> {
                ::core::result::Result::Ok(Self { #(#fields: fields.take(#names)?),* })
            }

            fn write(&self, update: &mut ::langferry::Update) {
                #(update.set_slot(#names, &self.#fields);)*
            }
        }

        #[automatically_derived]
        impl ::langferry::TraceValue for #state {
            fn to_trace(&self) -> ::langferry::Json {
                ::langferry::encode_state(self)
            }

            fn from_trace(
                encoded: &::langferry::Json,
            ) -> ::core::result::Result<Self, ::langferry::DecodeError> {
                ::langferry::decode_state(encoded)
            }
        }

        #[automatically_derived]
        impl #state {
            /// Starts an update.
            #visibility fn update() -> #update {
                #update::default()
            }

            #(#accessors)*
        }

        #[automatically_derived]
        impl ::core::convert::From<#state> for ::langferry::Update {
            fn from(state: #state) -> Self {
                let mut update = ::langferry::Update::new();
                ::langferry::State::write(&state, &mut update);
                update
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#state> for ::langferry::NodeOutput {
            fn from(state: #state) -> Self {
                ::langferry::Update::from(state).into()
            }
        }

        #[doc = #update_doc]
        #[allow(non_camel_case_types)]
        #[derive(Clone, Debug, Default)]
        #visibility struct #update(::langferry::Update);

        #[automatically_derived]
        impl #update {
            #(#setters)*

            /// Writes what the reducer of `channel` takes, where that is no whole value of it.
            #[must_use]
            #visibility fn put(
                mut self,
                channel: &'static str,
                change: impl ::langferry::TraceValue
                    + ::core::any::Any
                    + ::core::marker::Send
                    + ::core::marker::Sync,
            ) -> Self {
                self.0.set(channel, change);
                self
            }

            /// Writes every present field of `state`, as `{**state}` does.
            #[must_use]
            #visibility fn spread(mut self, state: &impl ::langferry::State) -> Self {
                ::langferry::State::write(state, &mut self.0);
                self
            }

            /// Writes the value of `slot`, if it has one.
            #[must_use]
            #visibility fn set_slot<T>(mut self, channel: &'static str, slot: &::langferry::Slot<T>) -> Self
            where
                T: ::langferry::TraceValue + ::core::any::Any + ::core::marker::Send + ::core::marker::Sync,
            {
                self.0.set_slot(channel, slot);
                self
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#update> for ::langferry::Update {
            fn from(update: #update) -> Self {
                update.0
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#update> for ::langferry::NodeOutput {
            fn from(update: #update) -> Self {
                update.0.into()
            }
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
    fn a_field_is_a_slot() {
        let message = refused(parse_quote!(
            struct S {
                a: String,
            }
        ));
        assert_eq!(message, "a state field must be a `Slot<T>`");
    }

    #[test]
    fn only_plain_structs_with_names_are_states() {
        let message = refused(parse_quote!(
            struct S(Slot<String>);
        ));
        assert_eq!(message, "`State` needs a struct with named fields");
        let message = refused(parse_quote!(
            enum S {
                A,
            }
        ));
        assert_eq!(message, "`State` can only be derived for a struct");
        let message = refused(parse_quote!(
            struct S<T> {
                a: Slot<T>,
            }
        ));
        assert_eq!(message, "`State` cannot be derived for a generic struct");
    }

    #[test]
    fn attributes_are_checked() {
        let message = refused(parse_quote!(
            struct S {
                #[state(reduce = f)]
                a: Slot<String>,
            }
        ));
        assert_eq!(
            message,
            "expected `rename`, `reducer`, `no_initial`, `initial`, `default`, `float` or `transient`"
        );
        let message = refused(parse_quote!(
            struct S {
                #[state(no_initial)]
                a: Slot<String>,
            }
        ));
        assert_eq!(message, "`initial` and `no_initial` need a `reducer`");
        let message = refused(parse_quote!(
            struct S {
                a: Slot<String>,
                #[state(rename = "a")]
                b: Slot<String>,
            }
        ));
        assert_eq!(message, "two fields are named `a`");
        let message = refused(parse_quote!(
            struct S {
                #[state(rename = "$type")]
                b: Slot<u8>,
            }
        ));
        assert_eq!(message, "the key `$type` is the trace's own");
    }

    #[test]
    fn names_of_generated_methods_are_taken() {
        let message = refused(parse_quote!(
            struct S {
                update: Slot<String>,
            }
        ));
        assert!(
            message.contains(r#"call it `update_` with #[state(rename = "update")]"#),
            "{message}"
        );
    }
}
