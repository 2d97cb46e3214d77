#include "operations/users/get_profile.hpp"
#include "operations/users/get_user.hpp"
#include "operations/users/list_users.hpp"
#include "operations/users/update_profile.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class ProfileTest : public PlatformTest {
protected:
    void SetUp() override
    {
        given_shop("acme");
        given_shop("northwind");
        ana = given_user("acme", "ana@example.com");
    }

    Result<users::Profile> update(const users::UpdateProfile& request)
    {
        auto items = items_of("acme");
        return run(users::update_profile(caller_of(ana), request, items, clock));
    }
    users::Profile profile()
    {
        auto items = items_of("acme");
        return run(users::get_profile(caller_of(ana), {}, items)).value();
    }

    users::SignedIn ana;
};

using UpdateProfile = ProfileTest;

TEST_F(UpdateProfile, SetsAndClearsAName)
{
    clock.advance(1000);
    const auto named = update({.name = PersonName{"Ana"}}).value();
    EXPECT_EQ(named.name.value, PersonName{"Ana"});
    EXPECT_EQ(named.etag(), "2");
    EXPECT_EQ(named.updated_at.ms, clock.now_ms());
    EXPECT_EQ(profile(), named);

    const auto cleared = update({.name = std::optional<PersonName>()}).value();
    EXPECT_EQ(cleared.name.value, std::nullopt);
    EXPECT_EQ(profile(), cleared);
}

TEST_F(UpdateProfile, KeepsTheVersionIfNothingChanges)
{
    const auto before = everything();
    EXPECT_EQ(update({}).value().version, 1);
    EXPECT_EQ(update({.email = ana.user.email}).value().version, 1);
    EXPECT_EQ(everything(), before);
}

TEST_F(UpdateProfile, MovesTheAccountToANewEmail)
{
    const auto moved = update({.name = PersonName{"Ana"}, .email = Email{"ana@new.example"}}).value();

    EXPECT_EQ(moved.email.value, "ana@new.example");
    EXPECT_EQ(profile(), moved);
    EXPECT_EQ(code_of(login_at("acme", "ana@example.com")), Errc::unauthenticated);
    EXPECT_EQ(login_at("acme", "ana@new.example")->user, moved);
    EXPECT_TRUE(state_of(ana));
    EXPECT_EQ(items_with("USER#"), 1U);
}

TEST_F(UpdateProfile, FreesTheOldEmailForAnother)
{
    update({.email = Email{"ana@new.example"}}).value();
    EXPECT_TRUE(register_at("acme", "ana@example.com"));
}

TEST_F(UpdateProfile, RefusesAnEmailInUseAndChangesNothing)
{
    given_user("acme", "eva@example.com");
    const auto before = everything();

    EXPECT_EQ(code_of(update({.email = Email{"eva@example.com"}})), Errc::already_exists);
    EXPECT_EQ(everything(), before);
}

TEST_F(UpdateProfile, RefusesAnEmailThatIsRegisteredAtTheSameTime)
{
    store.before_next_write([&] { given_user("acme", "eva@example.com"); });

    EXPECT_EQ(code_of(update({.email = Email{"eva@example.com"}})), Errc::already_exists);
    EXPECT_EQ(profile(), ana.user);
}

TEST_F(UpdateProfile, RefusesAnotherVersionAndChangesNothing)
{
    const auto before = everything();

    EXPECT_EQ(code_of(update({.if_match = IfMatch{"2"}, .name = PersonName{"Ana"}})), Errc::version_mismatch);
    EXPECT_EQ(everything(), before);
    EXPECT_TRUE(update({.if_match = IfMatch{"1"}, .name = PersonName{"Ana"}}));
    EXPECT_TRUE(update({.if_match = IfMatch{"*"}, .name = PersonName{"Eva"}}));
}

TEST_F(UpdateProfile, ReportsAConcurrentChangeAndKeepsIt)
{
    const auto other = [&] { update({.name = PersonName{"faster"}}).value(); };

    store.before_next_write(other);
    EXPECT_EQ(code_of(update({.name = PersonName{"slower"}})), Errc::conflict);
    EXPECT_EQ(profile().name.value, PersonName{"faster"});

    store.before_next_write([&] { update({.name = PersonName{"faster again"}}).value(); });
    EXPECT_EQ(code_of(update({.if_match = IfMatch{"2"}, .email = Email{"ana@new.example"}})), Errc::version_mismatch);
    EXPECT_EQ(profile().email, ana.user.email);
    EXPECT_EQ(items_with("CLAIM"), 1U);
}

TEST_F(ProfileTest, IsUnauthenticatedForADeletedAccount)
{
    auto items = items_of("acme");
    const auto gone = caller_in("acme", Caller::Kind::customer, ids.make<UserId>());

    const auto refused = run(users::get_profile(gone, {}, items));
    EXPECT_EQ(code_of(refused), Errc::unauthenticated);
    EXPECT_EQ(refused.error().title, "Token inválido");
}

TEST_F(ProfileTest, GivesTheSameErrorForAnotherShopsUserAndAnUnknownOne)
{
    auto northwind = items_of("northwind");
    const auto foreign = run(users::get_user(anyone("northwind"), {.user_id = ana.user.user_id}, northwind));
    const auto unknown = run(users::get_user(anyone("northwind"), {.user_id = ids.make<UserId>()}, northwind));

    EXPECT_EQ(code_of(foreign), Errc::not_found);
    EXPECT_EQ(code_of(unknown), Errc::not_found);
    EXPECT_EQ(foreign.error().detail, unknown.error().detail);

    auto acme = items_of("acme");
    EXPECT_EQ(run(users::get_user(anyone("acme"), {.user_id = ana.user.user_id}, acme)).value(), ana.user);
}

TEST_F(ProfileTest, AreListedByEmailPageByPage)
{
    for (const char* email : {"eva@example.com", "carl@example.com", "bea@example.com", "dan@example.com"})
        given_user("acme", email);
    given_user("northwind", "abel@example.com");
    auto items = items_of("acme");

    std::vector<std::string> emails;
    users::ListUsers request{.limit = {2}};
    for (int pages = 1;; ++pages) {
        const auto page = run(users::list_users(anyone("acme"), request, items)).value();
        for (const auto& user : page.items)
            emails.push_back(user.email.value);
        request.cursor = page.next_cursor.value;
        if (!request.cursor) {
            EXPECT_EQ(pages, 3);
            break;
        }
        ASSERT_LT(pages, 10);
    }
    EXPECT_EQ(emails, (std::vector<std::string>{"ana@example.com", "bea@example.com", "carl@example.com",
                                                "dan@example.com", "eva@example.com"}));
}

} // namespace
} // namespace estante
