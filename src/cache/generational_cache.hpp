// A bounded cache of two generations, an approximation of LRU with one map lookup a hit. A used entry moves to the
// young generation. When the young one is full it becomes the old one, and the previous old one is evicted as a whole.
// Not thread-safe: each event loop has its own, or a mutex guards it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace estante {

template <class Value> class GenerationalCache {
public:
    // Holds at most twice `capacity`, counted in the costs given to put.
    explicit GenerationalCache(std::size_t capacity) : capacity_(capacity) {}

    Value* find(std::string_view key)
    {
        if (const auto found = young_.find(key); found != young_.end())
            return &found->second.value;
        const auto found = old_.find(key);
        if (found == old_.end())
            return nullptr;
        auto node = old_.extract(found);
        evict_for(node.mapped().cost);
        return &young_.insert(std::move(node)).position->second.value;
    }

    Value& put(std::string_view key, Value value, std::size_t cost = 1)
    {
        erase(key);
        evict_for(cost);
        return young_.try_emplace(std::string(key), Entry{std::move(value), cost}).first->second.value;
    }

    void erase(std::string_view key)
    {
        if (const auto found = young_.find(key); found != young_.end()) {
            young_cost_ -= found->second.cost;
            young_.erase(found);
        }
        if (const auto found = old_.find(key); found != old_.end())
            old_.erase(found);
    }

private:
    struct Entry {
        Value value;
        std::size_t cost;
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using Generation = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;

    std::size_t capacity_;
    std::size_t young_cost_ = 0;
    Generation young_;
    Generation old_;

    void evict_for(std::size_t cost)
    {
        if (young_cost_ + cost > capacity_ && !young_.empty()) {
            old_ = std::move(young_);
            young_.clear();
            young_cost_ = 0;
        }
        young_cost_ += cost;
    }
};

} // namespace estante
