// The codec of described structs. One description (BOOST_DESCRIBE_STRUCT) of a request or response gives its reading,
// which reports all faults together, its writing as JSON, and its JSON Schema for the OpenAPI document.
#pragma once

#include "codec/codec.hpp"

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <boost/pfr/tuple_size.hpp>
#include <boost/type_index.hpp>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace estante::codec {

template <class T>
concept Object = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;

// A member of a described struct, as a row of a table: reading and writing an object walk the table, so they are
// compiled once for all types.
struct Field {
    std::string_view name;
    bool optional_in_request;
    bool optional_in_response;
    bool is_if_match; // filled from the header, never from a body
    void (*read)(Reader&, const Value&, void* object);
    void (*write)(std::string&, const void* object);
    Value (*schema)(Schemas&);
    std::span<const Field> (*inlined_members)() = nullptr; // of a Shared member, which is written in place
};

template <class T> std::span<const Field> fields();

void read_members(Reader& reader, const Map& map, void* object, std::span<const Field> fields);
void write_members(std::string& out, const void* object, std::span<const Field> fields);
// Adds the object's schema under its name, once, and returns a $ref to it.
Value object_schema(Schemas& schemas, const std::string& name, std::span<const Field> fields);
// "estante::ListOf<estante::books::BookView>" → "ListOf.books.BookView"
std::string component_name(std::string_view pretty_type_name);

template <Object T> struct Codec<T> {
    static void read(Reader& reader, const Value& value, T& out)
    {
        if (const Map* map = reader.members(value))
            read_members(reader, *map, &out, fields<T>());
    }
    static void write(std::string& out, const T& value) { write_members(out, &value, fields<T>()); }
    static Value schema(Schemas& schemas)
    {
        return object_schema(schemas, component_name(boost::typeindex::type_id<T>().pretty_name()), fields<T>());
    }
};

namespace detail {

template <class T>
using Members = boost::mp11::mp_rename<
    boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>,
    boost::mp11::mp_list>;
template <class T, class D> using MemberType = std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>;

template <class T> constexpr bool is_optional = false;
template <class T> constexpr bool is_optional<std::optional<T>> = true;

// Whether a request may leave out a member of this type: also an object all of whose members it may leave out.
template <class T> constexpr bool optional_in_request = false;
template <class T> constexpr bool optional_in_request<std::optional<T>> = true;
template <class T, auto fallback> constexpr bool optional_in_request<Or<T, fallback>> = true;
template <class T> constexpr bool optional_in_request<std::vector<T>> = true;
template <Object T>
constexpr bool optional_in_request<T> =
    []<class... D>(boost::mp11::mp_list<D...>) { return (optional_in_request<MemberType<T, D>> && ...); }(Members<T>{});

template <class M> void write_present(std::string& out, std::string_view name, const M& member)
{
    ((out += '"') += name) += "\":";
    codec::write(out, member);
    out += ',';
}
template <class M> void write_member(std::string& out, std::string_view name, const M& member)
{
    write_present(out, name, member);
}
template <class M> void write_member(std::string& out, std::string_view name, const std::optional<M>& member)
{
    if (member)
        write_present(out, name, *member);
}

// The row of the member of struct T that has descriptor D and type M.
template <class T, class D, class M = MemberType<T, D>>
constexpr Field field_of = {
    .name = D::name,
    .optional_in_request = optional_in_request<M>,
    .optional_in_response = is_optional<M>,
    .is_if_match = std::same_as<M, IfMatch> || std::same_as<M, std::optional<IfMatch>>,
    .read = [](Reader& reader, const Value& value,
               void* object) { codec::read(reader, value, static_cast<T*>(object)->*D::pointer); },
    .write = [](std::string& out,
                const void* object) { write_member(out, D::name, static_cast<const T*>(object)->*D::pointer); },
    .schema = &codec::schema<M>};

// A Shared member is in responses only. The object that has it has the members of M as its own.
template <class T, class D, class M>
constexpr Field field_of<T, D, Shared<M>> = {
    .name = D::name,
    .optional_in_request = false,
    .optional_in_response = false,
    .is_if_match = false,
    .read = [](Reader& reader, const Value&, void*) { reader.add_unknown_field(); },
    .write =
        [](std::string& out, const void* object) {
            const std::string& text = (static_cast<const T*>(object)->*D::pointer).json(&codec::write<M>);
            out.append(text, 1, text.size() - 2); // without its braces
            if (text.size() > 2)
                out += ',';
        },
    .schema = &codec::schema<M>,
    .inlined_members = &fields<M>};

} // namespace detail

// A member missing in a description would be ignored without an error.
template <class T>
constexpr bool is_fully_described = [] {
    if constexpr (std::is_aggregate_v<T> &&
                  boost::mp11::mp_empty<boost::describe::describe_bases<T, boost::describe::mod_any_access>>::value)
        return boost::pfr::tuple_size_v<T> == boost::mp11::mp_size<detail::Members<T>>::value;
    else
        return true;
}();

template <class T> std::span<const Field> fields()
{
    static_assert(is_fully_described<T>, "a member is missing in BOOST_DESCRIBE_STRUCT");
    static constexpr auto table = []<class... D>(boost::mp11::mp_list<D...>) {
        return std::array<Field, sizeof...(D)>{detail::field_of<T, D>...};
    }(detail::Members<T>{});
    return table;
}

} // namespace estante::codec
