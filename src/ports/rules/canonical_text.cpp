#include "ports/rules/item_rules.hpp"

#include <fmt/format.h>

#include <iterator>

namespace estante {

namespace {

// Every text is preceded by its length and every variant by its index, so different lists of actions have different
// texts.
class CanonicalWriter {
public:
    std::string text;

    void operator()(std::nullptr_t) { text += '~'; }
    void operator()(bool value) { text += value ? 't' : 'f'; }
    void operator()(std::size_t count) { fmt::format_to(std::back_inserter(text), "{};", count); }
    void operator()(std::string_view value)
    {
        (*this)(value.size());
        text += value;
    }
    void operator()(const std::string& value) { (*this)(std::string_view(value)); }
    void operator()(const Number& value) { (*this)(value.text()); }
    void operator()(const Key& key)
    {
        (*this)(key.pk);
        (*this)(key.sk);
    }
    void operator()(const Value& value) { choice(value.data); }
    template <class First, class Second> void operator()(const std::pair<First, Second>& pair)
    {
        (*this)(pair.first);
        (*this)(pair.second);
    }
    template <class T> void operator()(const std::vector<T>& list) { each(list); }
    void operator()(const Map& map) { each(map); }

    void operator()(const Absent&) {}
    void operator()(const Present&) {}
    void operator()(const VersionIs& is) { (*this)(Number(is.version)); }
    void operator()(const AtLeast& least)
    {
        (*this)(least.attribute);
        (*this)(least.least);
    }
    void operator()(const Equals& equals)
    {
        (*this)(equals.attribute);
        (*this)(equals.value);
    }
    void operator()(const Lacks& lacks) { (*this)(lacks.attribute); }
    void operator()(const Condition& condition) { choice(condition); }

    void operator()(const Put& put)
    {
        (*this)(static_cast<std::size_t>(put.table));
        (*this)(put.item);
        (*this)(put.conditions);
    }
    void operator()(const Update& update)
    {
        (*this)(static_cast<std::size_t>(update.table));
        (*this)(update.key);
        (*this)(update.set);
        (*this)(update.add);
        (*this)(update.remove);
        (*this)(update.conditions);
    }
    void operator()(const Delete& remove) { keyed(remove); }
    void operator()(const Check& check) { keyed(check); }
    void operator()(const Action& action) { choice(action); }

private:
    template <class T> void keyed(const T& action)
    {
        (*this)(static_cast<std::size_t>(action.table));
        (*this)(action.key);
        (*this)(action.conditions);
    }
    template <class... Ts> void choice(const std::variant<Ts...>& alternatives)
    {
        (*this)(alternatives.index());
        std::visit(*this, alternatives);
    }
    template <class Range> void each(const Range& range)
    {
        (*this)(range.size());
        for (const auto& element : range)
            (*this)(element);
    }
};

} // namespace

std::string canonical_text(std::span<const Action> actions)
{
    CanonicalWriter writer;
    for (const Action& action : actions)
        writer(action);
    return std::move(writer.text);
}

} // namespace estante
