// One description (BOOST_DESCRIBE_STRUCT) of a request or response struct gives its reading with all faults at once,
// its writing as JSON text, and its JSON Schema for the OpenAPI document.
#pragma once

#include "codec/json.hpp"
#include "codec/reader.hpp"
#include "codec/shapes.hpp"
#include "codec/timestamp.hpp"
#include "domain/limited.hpp"
#include "domain/money.hpp"

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <boost/pfr/tuple_size.hpp>
#include <boost/type_index.hpp>

#include <array>
#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace estante::codec {

namespace detail {

template <class T> constexpr bool is_optional = false;
template <class T> constexpr bool is_optional<std::optional<T>> = true;
template <class T> constexpr bool is_list = false;
template <class T> constexpr bool is_list<std::vector<T>> = true;
template <class T> constexpr bool is_nullable = false;
template <class T> constexpr bool is_nullable<Nullable<T>> = true;
template <class T> constexpr bool is_shared = false;
template <class T> constexpr bool is_shared<Shared<T>> = true;

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

} // namespace detail

template <class T>
concept Object = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;
template <class T>
concept Enumeration = boost::describe::has_describe_enumerators<T>::value;
template <class T>
concept LimitedText = requires(T t) {
    { t.value } -> std::same_as<std::string&>;
    { T::min } -> std::convertible_to<std::size_t>;
    { T::max } -> std::convertible_to<std::size_t>;
};
template <class T>
concept LimitedInt = requires(T t) {
    { t.value } -> std::same_as<std::int64_t&>;
    { T::min } -> std::convertible_to<std::int64_t>;
};
template <class T>
concept WithFallback = requires { T::fallback; };
// A number with at most two decimals that states its highest value.
template <class T>
concept Hundredths = requires(T t) {
    { t.hundredths } -> std::same_as<std::int64_t&>;
    { T::max_hundredths } -> std::convertible_to<std::int64_t>;
};
// A text with a spelling of its own: an id, an e-mail, an ISBN.
template <class T>
concept Spelled = requires(T t, std::string_view text) {
    { t.value } -> std::same_as<std::string&>;
    { T::parse(text) } -> std::same_as<std::optional<T>>;
};
// The schemas of an OpenAPI document, by component name. A request may leave out what an answer always has, so a type
// has one schema for requests (its name ends in ".input") and one for answers.
struct Schemas {
    Map components{};
    bool answers = true;
};

struct Field {
    std::string_view name;
    bool may_be_absent;    // from a request
    bool may_be_unwritten; // in an answer
    bool is_if_match;      // filled from the header, never from a body
    void (*read)(Reader&, const Value&, void* object);
    void (*write)(std::string&, const void* object);
    Value (*schema)(Schemas&);
    std::span<const Field> (*in_place)() = nullptr; // the members of a member that is written in place
};

template <class T> std::span<const Field> fields();

// "new_" → "new", "minus_price" → "-price": what JSON calls an enumerator that C++ cannot.
std::string enumerator_name(std::string_view identifier);

template <Enumeration T> std::string names_of()
{
    std::string names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto e) { (names += names.empty() ? "" : ", ") += enumerator_name(e.name); });
    return names;
}

template <Enumeration T> std::string name_of(T value)
{
    return enumerator_name(boost::describe::enum_to_string(value, ""));
}

template <Enumeration T> std::optional<T> enumerator(std::string_view name)
{
    std::optional<T> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto e) {
        if (enumerator_name(e.name) == name)
            found = e.value;
    });
    return found;
}

// ---- reading

void read_members(Reader& reader, const Map& map, void* object, std::span<const Field> fields);

template <class T> void read(Reader& reader, const Value& value, T& out)
{
    if constexpr (Object<T>) {
        if (const Map* map = reader.members(value))
            read_members(reader, *map, &out, fields<T>());
    } else if constexpr (detail::is_optional<T>) {
        using Inner = typename T::value_type;
        if constexpr (detail::is_optional<Inner>) {
            out.emplace(); // present: null clears, a value sets
            if (!value.is_null())
                read(reader, value, out->emplace());
        } else if (!value.is_null()) {
            read(reader, value, out.emplace());
        }
    } else if constexpr (WithFallback<T>) {
        read(reader, value, out.value);
    } else if constexpr (detail::is_nullable<T>) {
        if (!value.is_null())
            read(reader, value, out.value.emplace());
    } else if constexpr (detail::is_list<T>) {
        List parts;
        if (const List* list = reader.elements(value, parts)) {
            for (std::size_t i = 0; const Value& element : *list)
                reader.in(std::to_string(i++), [&] { read(reader, element, out.emplace_back()); });
        }
    } else if constexpr (Enumeration<T>) {
        const std::string* name = value.if_string();
        if (const auto found = name ? enumerator<T>(*name) : std::nullopt)
            out = *found;
        else
            reader.not_one_of(names_of<T>());
    } else if constexpr (std::same_as<T, bool>) {
        reader.boolean(value, out);
    } else if constexpr (std::same_as<T, Money>) {
        reader.hundredths(value, out.cents, 0, Money::max_cents);
    } else if constexpr (Hundredths<T>) {
        reader.hundredths(value, out.hundredths, 0, T::max_hundredths);
    } else if constexpr (std::same_as<T, Timestamp>) {
        reader.timestamp(value, out.ms);
    } else if constexpr (std::same_as<T, PageToken>) {
        reader.text(value, out.text, 1, 2048);
    } else if constexpr (std::same_as<T, IfMatch>) {
        reader.text(value, out.etag, 1, 100);
    } else if constexpr (LimitedText<T>) {
        reader.text(value, out.value, T::min, T::max);
    } else if constexpr (LimitedInt<T>) {
        reader.whole(value, out.value, T::min, T::max);
    } else if constexpr (Spelled<T>) {
        std::string text;
        if (!reader.text(value, text, 1, 1000))
            return;
        if (auto parsed = T::parse(text))
            out = std::move(*parsed);
        else if constexpr (requires { T::format; })
            reader.bad_format(T::format);
        else
            reader.bad_id(T::prefix);
    } else if constexpr (std::same_as<T, std::string>) {
        reader.text(value, out, 0, 10'000);
    } else {
        static_assert(std::integral<T>, "the codec does not know this type");
        std::int64_t number = 0;
        reader.whole(value, number, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
        out = static_cast<T>(number);
    }
}

// ---- writing

template <class T> void write(std::string& out, const T& value)
{
    if constexpr (Object<T>) {
        out += '{';
        for (const Field& field : fields<T>())
            field.write(out, &value);
        if (out.back() == ',')
            out.back() = '}';
        else
            out += '}';
    } else if constexpr (detail::is_optional<T>) {
        if (value)
            write(out, *value);
        else
            out += "null";
    } else if constexpr (WithFallback<T> || detail::is_nullable<T>) {
        write(out, value.value);
    } else if constexpr (detail::is_list<T>) {
        out += '[';
        for (bool first = true; const auto& element : value) {
            if (!std::exchange(first, false))
                out += ',';
            write(out, element);
        }
        out += ']';
    } else if constexpr (Enumeration<T>) {
        ((out += '"') += name_of(value)) += '"';
    } else if constexpr (std::same_as<T, bool>) {
        out += value ? "true" : "false";
    } else if constexpr (std::same_as<T, Money>) {
        out += to_string(value);
    } else if constexpr (Hundredths<T>) {
        out += Number::hundredths(value.hundredths).text();
    } else if constexpr (std::same_as<T, Timestamp>) {
        ((out += '"') += to_string(value)) += '"';
    } else if constexpr (std::same_as<T, PageToken>) {
        json::write_string(out, value.text);
    } else if constexpr (std::same_as<T, IfMatch>) {
        json::write_string(out, value.etag);
    } else if constexpr (LimitedInt<T>) {
        out += std::to_string(value.value);
    } else if constexpr (std::same_as<T, std::string>) {
        json::write_string(out, value);
    } else if constexpr (std::integral<T>) {
        out += std::to_string(value);
    } else {
        json::write_string(out, value.value);
    }
}

template <class T> std::string to_json(const T& value)
{
    std::string text;
    write(text, value);
    return text;
}

// ---- describing (JSON Schema 2020-12, as OpenAPI 3.1 has it)

Value text_schema(std::size_t min, std::size_t max);
Value whole_schema(std::int64_t min, std::int64_t max);
Value hundredths_schema(std::int64_t max_hundredths);
Value enum_schema(std::string_view comma_separated_names);
Value spelled_schema(std::string_view format, std::string_view pattern);
Value or_null(Value schema);
// Puts the object's schema under its name, once, and answers a $ref to it.
Value object_schema(Schemas& schemas, const std::string& name, std::span<const Field> fields);
std::string component_name(std::string_view pretty_type_name);

template <class T> Value schema(Schemas& schemas)
{
    if constexpr (Object<T>)
        return object_schema(schemas, component_name(boost::typeindex::type_id<T>().pretty_name()), fields<T>());
    else if constexpr (detail::is_optional<T>) {
        if constexpr (detail::is_optional<typename T::value_type>)
            return or_null(schema<typename T::value_type::value_type>(schemas));
        else
            return schema<typename T::value_type>(schemas);
    } else if constexpr (detail::is_nullable<T>)
        return or_null(schema<typename decltype(T{}.value)::value_type>(schemas));
    else if constexpr (WithFallback<T>)
        return schema<decltype(T{}.value)>(schemas);
    else if constexpr (detail::is_list<T>)
        return Map{{"type", "array"}, {"items", schema<typename T::value_type>(schemas)}};
    else if constexpr (Enumeration<T>)
        return enum_schema(names_of<T>());
    else if constexpr (std::same_as<T, bool>)
        return Map{{"type", "boolean"}};
    else if constexpr (std::same_as<T, Money>)
        return Map{{"type", "number"}};
    else if constexpr (Hundredths<T>)
        return hundredths_schema(T::max_hundredths);
    else if constexpr (std::same_as<T, Timestamp>)
        return Map{{"type", "string"}, {"format", "date-time"}};
    else if constexpr (LimitedText<T>)
        return text_schema(T::min, T::max);
    else if constexpr (LimitedInt<T>)
        return whole_schema(T::min, T::max);
    else if constexpr (Spelled<T>) {
        if constexpr (requires { T::pattern; })
            return spelled_schema(T::format.en, T::pattern);
        else
            return spelled_schema("", "^" + std::string(T::prefix) + "[0-9A-HJKMNP-TV-Z]{26}$");
    } else if constexpr (std::integral<T>)
        return Map{{"type", "integer"}};
    else
        return Map{{"type", "string"}};
}

// ---- the table of a struct's members

// What an input may leave out: also an object of which it may leave out everything.
template <class T> constexpr bool may_be_absent()
{
    if constexpr (detail::is_optional<T> || WithFallback<T> || detail::is_list<T>)
        return true;
    else if constexpr (Object<T>)
        return []<class... D>(boost::mp11::mp_list<D...>) {
            return (may_be_absent<std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>>() && ...);
        }(boost::mp11::mp_rename<detail::Members<T>, boost::mp11::mp_list>{});
    else
        return false;
}

template <class T, class D> constexpr Field field_by_name()
{
    using M = std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>;
    return {.name = D::name,
            .may_be_absent = may_be_absent<M>(),
            .may_be_unwritten = detail::is_optional<M>,
            .is_if_match = std::same_as<M, IfMatch> || std::same_as<M, std::optional<IfMatch>>,
            .read = [](Reader& reader, const Value& value,
                       void* object) { codec::read(reader, value, static_cast<T*>(object)->*D::pointer); },
            .write =
                [](std::string& out, const void* object) {
                    const M& member = static_cast<const T*>(object)->*D::pointer;
                    if constexpr (detail::is_optional<M>) {
                        if (!member)
                            return;
                    }
                    ((out += '"') += D::name) += "\":";
                    codec::write(out, member);
                    out += ',';
                },
            .schema = &codec::schema<M>};
}

// Of a Shared object: in answers only.
template <class T, class D, class Inner> constexpr Field field_in_place()
{
    return {.name = D::name,
            .may_be_absent = false,
            .may_be_unwritten = false,
            .is_if_match = false,
            .read = [](Reader& reader, const Value&, void*) { reader.unknown(); },
            .write =
                [](std::string& out, const void* object) {
                    const auto& text =
                        (static_cast<const T*>(object)->*D::pointer).written([](std::string& to, const Inner& value) {
                            codec::write(to, value);
                        });
                    out.append(text, 1, text.size() - 2); // without its braces
                    if (text.size() > 2)
                        out += ',';
                },
            .schema = &codec::schema<Inner>,
            .in_place = &fields<Inner>};
}

template <class T, class D> constexpr Field field_of()
{
    using M = std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>;
    if constexpr (detail::is_shared<M>)
        return field_in_place<T, D, std::remove_cvref_t<decltype(*std::declval<M&>())>>();
    else
        return field_by_name<T, D>();
}

// A member forgotten in a description would silently be ignored.
template <class T>
constexpr bool described_whole = [] {
    if constexpr (std::is_aggregate_v<T> &&
                  boost::mp11::mp_empty<boost::describe::describe_bases<T, boost::describe::mod_any_access>>::value)
        return boost::pfr::tuple_size_v<T> == boost::mp11::mp_size<detail::Members<T>>::value;
    else
        return true;
}();

template <class T> std::span<const Field> fields()
{
    static_assert(described_whole<T>, "a member is missing in BOOST_DESCRIBE_STRUCT");
    static constexpr auto table = []<class... D>(boost::mp11::mp_list<D...>) {
        return std::array<Field, sizeof...(D)>{field_of<T, D>()...};
    }(boost::mp11::mp_rename<detail::Members<T>, boost::mp11::mp_list>{});
    return table;
}

} // namespace estante::codec
