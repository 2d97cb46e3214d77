#include "adapters/opensearch/mapping.hpp"

#include "codec/json.hpp"

#include <fmt/format.h>

namespace estante::opensearch {

namespace {

// One shard per tenant, since scores are computed per shard. A title of more than 8191 characters has no title.keyword:
// a keyword may have 32,766 bytes.
constexpr const char* settings_and_mappings = R"(
  "settings": {
    "number_of_shards": 1,
    "number_of_replicas": {replicas},
    "analysis": {
      "analyzer": {
        "spanish_custom": {"type": "spanish", "stopwords": ["el", "la", "de", "que", "y", "a"]}
      }
    }
  },
  "mappings": {
    "dynamic": "strict",
    "properties": {
      "tenant_id": {"type": "keyword"},
      "book_id": {"type": "keyword"},
      "title": {
        "type": "text",
        "analyzer": "spanish_custom",
        "fields": {"keyword": {"type": "keyword", "ignore_above": 8191}}
      },
      "title_suggest": {"type": "completion", "analyzer": "simple", "max_input_length": 50},
      "title_order": {"type": "keyword"},
      "author": {"type": "text", "analyzer": "spanish_custom"},
      "description": {"type": "text", "analyzer": "spanish_custom"},
      "title_plain": {"type": "text", "analyzer": "whitespace"},
      "author_plain": {"type": "text", "analyzer": "whitespace"},
      "description_plain": {"type": "text", "analyzer": "whitespace"},
      "contributors": {"type": "keyword"},
      "category": {"type": "keyword"},
      "language": {"type": "keyword"},
      "isbn": {"type": "keyword"},
      "subjects": {"type": "keyword"},
      "price": {"type": "double"},
      "price_cents": {"type": "long"},
      "price_band": {"type": "integer"},
      "rating": {"type": "double"},
      "publication_year": {"type": "integer"},
      "decade": {"type": "integer"},
      "in_stock": {"type": "boolean"},
      "updated_ms": {"type": "long"}
    }
  })";

} // namespace

std::string index_body(const std::string& alias, int replicas)
{
    std::string body = settings_and_mappings;
    constexpr std::string_view placeholder = "{replicas}";
    body.replace(body.find(placeholder), placeholder.size(), std::to_string(replicas));
    return "{\"aliases\":" + json::to_text(Map{{alias, Map{{"is_write_index", true}}}}) + "," + body + "}";
}

} // namespace estante::opensearch
