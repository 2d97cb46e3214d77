// The indexes of one shop, by their aliases: the one that serves, and those in the making.
#pragma once

#include "adapters/opensearch/api.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante::opensearch {

// Where a shop's indexes are, and what they are called. No name of one shop is a name of another: ids of shops hold no
// underscore.
struct ShopPlace {
    std::string endpoint{};
    std::string alias{}; // "books_acme"

    std::string index(std::int64_t number) const;      // "books_acme_N": N grows with time
    std::string next_alias(std::int64_t number) const; // "books_acme_next_N"
};

struct ShopIndexes {
    std::vector<std::string> serving{};      // behind the alias: one, or none
    std::vector<std::string> next_aliases{}; // of those in the making
    std::vector<std::string> all{};          // also what an interrupted rebuild has left
};

Task<aws::Called<ShopIndexes>> find_indexes(const Api& api, ShopPlace place);

// Makes an index with a number from `number` on, and answers that. `next`: in the making, else it serves at once.
Task<aws::Called<std::int64_t>> make_index(const Api& api, ShopPlace place, std::int64_t number, bool next,
                                           int replicas);

// In one step the index of this number serves, and what served before is gone. `absent` failures: something else has
// changed meanwhile.
Task<Called> let_serve(const Api& api, ShopPlace place, std::int64_t number, std::vector<std::string> before);

// What is not there is no failure.
Task<Called> remove_indexes(const Api& api, ShopPlace place, std::vector<std::string> names);

// Those of the names whose number is below.
std::vector<std::string> made_before(const ShopPlace& place, const std::vector<std::string>& names,
                                     std::int64_t number);

} // namespace estante::opensearch
