#include "unit/opensearch/index_fixture.hpp"

namespace estante::opensearch {
namespace {

class Responses : public OpenSearchIndexTest {};

TEST_F(Responses, AreParsedWhenTheyAreComplete)
{
    const auto page = search_with(fault::json(200, one_hit)).value();
    EXPECT_EQ(page.total, 1U);
    EXPECT_EQ(page.hits, (std::vector<SearchHit>{{"book_1", 3.5F}}));
    EXPECT_TRUE(reported.empty());
}

TEST_F(Responses, AreUnavailableWhenTheyArePartial)
{
    const auto replaced = [](std::string text, std::string_view what, std::string_view instead) {
        return fault::json(200, text.replace(text.find(what), what.size(), instead));
    };
    const std::vector<InjectedFault> partial_responses{
        replaced(one_hit, R"("timed_out":false)", R"("timed_out":true)"),
        replaced(one_hit, R"("successful":1)", R"("successful":0)"),
        replaced(one_hit, R"("relation":"eq")", R"("relation":"gte")"),
        replaced(one_hit, R"("_id":"book_1")", R"("_id":7)"),
        replaced(one_hit, R"("value":1)", R"("value":"x")"),
        fault::json(200, "{}"),
        fault::json(200, "[]"),
        fault::json(200, R"({"timed_out":false,)"),
        fault::html(200),
        fault::html(502),
        fault::json(503, R"({"error":{"type":"cluster_block_exception","reason":"no master"},"status":503})"),
        fault::json(429, R"({"error":{"type":"circuit_breaking_exception","reason":"too much"},"status":429})"),
        fault::json(401, R"({"error":{"type":"security_exception","reason":"no"},"status":401})"),
        fault::cut(),
        fault::silence(),
        fault::closed_unanswered(),
    };
    for (std::size_t number = 0; number < partial_responses.size(); ++number) {
        reported.clear();
        const auto page = search_with(partial_responses[number]);
        ASSERT_FALSE(page) << number;
        EXPECT_EQ(page.error().code, Errc::unavailable) << number;
        EXPECT_GE(page.error().retry_after_s, 1) << number;
        EXPECT_FALSE(reported.empty()) << number;
    }
}

TEST_F(Responses, OfElasticsearchHaveScoresDividedByItsFactor)
{
    server.next(fault::json(200, R"({"version":{"number":"8.15.0","lucene_version":"9.11.1"}})"));
    std::string hit = one_hit;
    hit.replace(hit.find(R"("_score":3.5)"), 12, R"("_score":5.4)");
    server.otherwise(fault::json(200, hit));
    const auto page = run(index()->search(acme, {.text = "nada", .facets = false})).value();
    EXPECT_FLOAT_EQ(page.hits.at(0).score, 3);
}

TEST_F(Responses, ToAWriteWithAVersionConflictAreSuccessful)
{
    EXPECT_TRUE(write_with(R"({"index":{"status":200}},{"index":{"status":409,"error":{"type":"version_conflict"}}})"));
}

TEST_F(Responses, ToAWriteTellRetryableErrorsFromRejections)
{
    EXPECT_EQ(code_of(write_with(R"({"index":{"status":200}},{"index":{"status":429}})")), Errc::unavailable);
    EXPECT_EQ(code_of(write_with(R"({"index":{"status":200}})")),
              Errc::unavailable); // the outcome of the other write is unknown
    EXPECT_EQ(code_of(write_with(R"({"index":{"status":503}},{"index":{"status":400}})")), Errc::unavailable);
    EXPECT_EQ(code_of(write_with(R"({"index":{"status":201}},{"index":{"status":400,"error":{"type":"mapper"}}})")),
              Errc::invalid);
}

class Contents : public OpenSearchIndexTest {
protected:
    // Compares two books with the index: the first is expected in it, the second is not.
    Result<std::vector<IndexStatus>> check_with(const std::string& documents)
    {
        server.otherwise(fault::json(200, R"({"docs":[)" + documents + "]}"));
        const SearchDocument expected{.book_id = "book_1", .version = 3, .title = "Nada"};
        return run(index()->check(acme, {{.book_id = "book_1", .version = 3, .document = expected},
                                         {.book_id = "book_2", .version = 9, .document = std::nullopt}}));
    }
    static constexpr const char* gone = R"({"_id":"book_2","found":false})";
};

TEST_F(Contents, DistinguishMissingStaleAlteredAndSuperfluousBooks)
{
    const auto states = [this](const std::string& first, const std::string& second) {
        return check_with(first + "," + second).value();
    };
    const std::string absent = R"({"_id":"book_1","found":false})";
    const std::string removed = R"({"_id":"book_1","found":true,"_version":4611686018427387904,"_source":{}})";
    const std::string stale = R"({"_id":"book_1","found":true,"_version":2,"_source":{"title":"Nada"}})";
    const std::string content_mismatch = R"({"_id":"book_1","found":true,"_version":3,"_source":{"title":"Nadie"}})";
    EXPECT_EQ(states(absent, gone), (std::vector{IndexStatus::missing, IndexStatus::in_sync}));
    EXPECT_EQ(states(removed, gone), (std::vector{IndexStatus::missing, IndexStatus::in_sync}));
    EXPECT_EQ(states(stale, gone), (std::vector{IndexStatus::stale, IndexStatus::in_sync}));
    EXPECT_EQ(states(content_mismatch, gone), (std::vector{IndexStatus::content_mismatch, IndexStatus::in_sync}));
    EXPECT_EQ(states(absent, R"({"_id":"book_2","found":true,"_version":1,"_source":{"title":"Todo"}})"),
              (std::vector{IndexStatus::missing, IndexStatus::orphaned}));
}

TEST_F(Contents, AreUnavailableWhenTheResponseIsPartial)
{
    EXPECT_EQ(code_of(check_with(gone)), Errc::unavailable);
    EXPECT_EQ(code_of(check_with(std::string(gone) + "," + gone)), Errc::unavailable); // of another book
    EXPECT_EQ(code_of(check_with(R"({"_id":"book_1","error":{"type":"x"}},)" + std::string(gone))), Errc::unavailable);
}

} // namespace
} // namespace estante::opensearch
