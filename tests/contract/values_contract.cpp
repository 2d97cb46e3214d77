#include "contract/item_store_contract.hpp"

namespace estante {

TEST_P(ItemStoreContract, GetReturnsTheItemAsItWasPut)
{
    const Item whole = item("A", {{"text", "El ingenioso hidalgo"},
                                  {"empty", ""},
                                  {"emoji", "📚 años \"quoted\" \\ back \n line \t tab \x01 \x1f / ' ; --"},
                                  {"number", -12},
                                  {"yes", true},
                                  {"no", false},
                                  {"nothing", nullptr},
                                  {"list", List{1, "two", List{}, Map{}, nullptr}},
                                  {"map", Map{{" ", "blank name"}, {"ñ", Map{{"deep", List{Map{{"x", 1}}}}}}}}});
    given(whole);
    EXPECT_EQ(get(key()), whole);
    given(item());
    EXPECT_EQ(get(key()), item()) << "a put replaces the whole item";
}

TEST_P(ItemStoreContract, AttributeNamesAreNotEmptyAtAnyDepth)
{
    EXPECT_EQ(outcome(put(item("A", {{"", 1}}))), "invalid");
    EXPECT_EQ(outcome(put(item("A", {{"map", Map{{"", 1}}}}))), "invalid");
    EXPECT_EQ(outcome(put(item("A", {{"list", List{Map{{"", 1}}}}}))), "invalid");
    EXPECT_FALSE(has(key()));
}

TEST_P(ItemStoreContract, ExpiresAtMustBeAWholeNumber)
{
    EXPECT_EQ(outcome(put(item("A", {{"expires_at", *Number::parse("9000000000.5")}}))), "invalid");
    EXPECT_FALSE(has(key()));
}

TEST_P(ItemStoreContract, GettingAnAbsentItemReturnsNothing)
{
    EXPECT_EQ(get(key()), std::nullopt);
    given(item());
    EXPECT_EQ(get(key("B")), std::nullopt);
    EXPECT_EQ(get({pk("other"), "A"}), std::nullopt);
    EXPECT_EQ(get(key(), Table::users), std::nullopt);
}

TEST_P(ItemStoreContract, NumbersKeepThirtyEightDigitsAndTheirWholeRange)
{
    for (const char* text :
         {"0", "29.99", "-0.01", "12345678901234567890123456789012345678", "0.12345678901234567890123456789012345678",
          "-99999999999999999999999999999999999999", "1E-130", "9.9999999999999999999999999999999999999E125",
          "-9.9999999999999999999999999999999999999E125", "1E125", "123456789012345678.90123456789012345678"}) {
        const auto number = Number::parse(text);
        ASSERT_TRUE(number) << text;
        given(item("A", {{"n", *number}, {"in_list", List{*number}}}));
        EXPECT_EQ(get(key()), item("A", {{"n", *number}, {"in_list", List{*number}}})) << text;
    }
}

TEST_P(ItemStoreContract, KeysHaveLengthLimits)
{
    const auto with_keys = [](std::string pk, std::string sk) {
        return Item{{"pk", std::move(pk)}, {"sk", std::move(sk)}};
    };
    const std::string longest_pk = prefix + std::string(2048 - prefix.size(), 'p');
    const std::string longest_sk(1024, 's');
    EXPECT_EQ(outcome(put(with_keys(longest_pk, longest_sk))), "ok");
    EXPECT_TRUE(has({longest_pk, longest_sk}));
    EXPECT_EQ(outcome(put(with_keys(longest_pk + "p", "s"))), "invalid");
    EXPECT_EQ(outcome(put(with_keys(pk(), longest_sk + "s"))), "invalid");
    EXPECT_EQ(outcome(put(with_keys("", "s"))), "invalid");
    EXPECT_EQ(outcome(put(with_keys(pk(), ""))), "invalid");
}

TEST_P(ItemStoreContract, AnItemWithoutStringKeysIsInvalid)
{
    EXPECT_EQ(outcome(put({{"pk", pk()}})), "invalid");
    EXPECT_EQ(outcome(put({{"sk", "A"}})), "invalid");
    EXPECT_EQ(outcome(put({{"pk", pk()}, {"sk", 1}})), "invalid");
    EXPECT_EQ(outcome(put({{"pk", nullptr}, {"sk", "A"}})), "invalid");
}

TEST_P(ItemStoreContract, EveryCallChecksItsKeys)
{
    const Key bad{pk(), ""};
    EXPECT_EQ(outcome(run(store.get(Table::books, bad))), "invalid");
    EXPECT_EQ(outcome(run(store.batch_get(Table::books, {key(), bad}))), "invalid");
    EXPECT_EQ(outcome(update({.table = Table::books, .key = bad})), "invalid");
    EXPECT_EQ(outcome(remove(bad)), "invalid");
    EXPECT_EQ(outcome(transact({Check{.table = Table::books, .key = bad, .conditions = {Absent{}}}})), "invalid");
    EXPECT_EQ(outcome(run(store.batch_write({Delete{.table = Table::books, .key = bad}}))), "invalid");
}

TEST_P(ItemStoreContract, IndexKeysAreStringsWithinTheirLimits)
{
    const auto indexed = [this](Value pk, Value sk) {
        return item("A", {{"gsi1pk", std::move(pk)}, {"gsi1sk", std::move(sk)}});
    };
    EXPECT_EQ(outcome(put(indexed("", "x"))), "invalid");
    EXPECT_EQ(outcome(put(indexed("x", ""))), "invalid");
    EXPECT_EQ(outcome(put(indexed(1, "x"))), "invalid");
    EXPECT_EQ(outcome(put(indexed("x", nullptr))), "invalid");
    EXPECT_EQ(outcome(put(indexed(std::string(2049, 'x'), "x"))), "invalid");
    EXPECT_EQ(outcome(put(indexed("x", std::string(1025, 'x')))), "invalid");
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"gsi2pk", 5}}})), "invalid");
    EXPECT_FALSE(has(key()));
    EXPECT_EQ(outcome(put(indexed(std::string(2048, 'x'), std::string(1024, 'x')))), "ok");
    EXPECT_EQ(outcome(put(item("A", {{"gsi2pk", 5}}), {}, Table::users)), "ok")
        << "users has no gsi2: an attribute like others";
}

TEST_P(ItemStoreContract, AnItemHasAtMostFourHundredKilobytes)
{
    const std::size_t rest = size_of(item("A", {{"text", ""}}));
    const Item largest = item("A", {{"text", std::string(400 * 1024 - rest, 'x')}});
    EXPECT_EQ(outcome(put(item("A", {{"text", std::string(400 * 1024 - rest + 1, 'x')}}))), "too_large");
    EXPECT_FALSE(has(key()));
    EXPECT_EQ(outcome(put(largest)), "ok");
    EXPECT_EQ(get(key()), largest);
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"more", "x"}}})), "too_large");
    EXPECT_EQ(get(key()), largest);
}

TEST_P(ItemStoreContract, StringsAreUtf8WithoutU0000)
{
    const std::string zero("a\0b", 3);
    for (const auto& text :
         {std::string("\xFF"), std::string("\xC3"), std::string("\xC0\x80"), std::string("\xED\xA0\x80"), zero}) {
        EXPECT_EQ(outcome(put(item("A", {{"text", text}}))), "invalid");
        EXPECT_EQ(outcome(put(item("A", {{"list", List{Map{{"x", text}}}}}))), "invalid");
        EXPECT_EQ(outcome(put(item("A", {{text, 1}}))), "invalid");
        EXPECT_EQ(outcome(put(item(text))), "invalid");
        EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"text", text}}})), "invalid");
    }
    EXPECT_FALSE(has(key()));
}

TEST_P(ItemStoreContract, ValuesNestAtMostThirtyTwoLevels)
{
    const auto nested = [this](int levels) {
        Value value("leaf");
        for (int i = 1; i < levels; ++i)
            value = i % 2 == 0 ? Value(List{std::move(value)}) : Value(Map{{"x", std::move(value)}});
        return item("A", {{"deep", std::move(value)}});
    };
    EXPECT_EQ(outcome(put(nested(33))), "invalid");
    EXPECT_EQ(outcome(put(nested(32))), "ok");
    EXPECT_EQ(get(key()), nested(32));
}

} // namespace estante
