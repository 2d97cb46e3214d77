// The names of described enumerators (BOOST_DESCRIBE_ENUM) in JSON, items and query strings.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace estante::codec {

template <class T>
concept Enumeration = boost::describe::has_describe_enumerators<T>::value;

// "new_" → "new", "minus_price" → "-price": the JSON name of an enumerator whose name C++ does not allow.
std::string enumerator_name(std::string_view identifier);

// "new, used"
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

// Nothing if no enumerator has this name.
template <Enumeration T> std::optional<T> enumerator(std::string_view name)
{
    std::optional<T> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto e) {
        if (enumerator_name(e.name) == name)
            found = e.value;
    });
    return found;
}

} // namespace estante::codec
