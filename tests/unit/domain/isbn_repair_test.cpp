#include "domain/isbn_repair.hpp"

#include <gtest/gtest.h>

namespace estante {
namespace {

using Kind = IsbnRepairKind;

struct Case {
    const char* thirteen;
    const char* ten;
    const char* isbn;
    Kind kind;
    bool zeros_padded;
};

// Cells of goodbooks-10k and of typical spreadsheets.
const Case cases[] = {
    {"9780439023481", "0439023483", "9780439023481", Kind::nothing, false},
    {"978-0-439-02348-1", "", "9780439023481", Kind::nothing, false},
    {"9780439023481.0", "439023483", "9780439023481", Kind::nothing, false},
    {"9780439023481", "439023484", "9780439023481", Kind::nothing, false}, // a wrong ISBN-10 says nothing
    {"9.78043902348e+12", "439023483", "9780439023481", Kind::float_restored, true},
    {"9.78043902348E+12", "0439023483", "9780439023481", Kind::float_restored, false},
    {"9.7806182603e+12", "618260307", "9780618260300", Kind::float_restored, true},
    {"9.78e+12", "439023483", "9780439023481", Kind::float_restored, true},
    {"9.780439023481e+12", "439023483", "9780439023481", Kind::float_restored, true},
    {"9.78189221301e+12", "189221301X", "9781892213013", Kind::float_restored, false},
    {"", "439023483", "9780439023481", Kind::isbn10_only, true},
    {"", "080442957X", "9780804429573", Kind::isbn10_only, false},
    {"", "6280560", "9780006280569", Kind::isbn10_only, true},
    {"195170342.0", "", "9780195170344", Kind::isbn10_only, true},
    {"195170342.0", "195170342", "9780195170344", Kind::isbn13_unusable, true},
    {"76783609419.0", "553609416", "9780553609417", Kind::isbn13_unusable, true},
    {"9780439023480", "0439023483", "9780439023481", Kind::isbn13_unusable, false},
    {"9780439023481", "0446612707", "9780439023481", Kind::isbn13_kept, false},
    {"9.78055381395e+12", "446612707", "9780446612708", Kind::isbn10_kept, true},   // Nights in Rodanthe
    {"6.45573003012e+11", "189221301X", "9781892213013", Kind::isbn10_kept, false}, // a UPC
};

TEST(IsbnRepair, RestoresAnIsbnThatIsDetermined)
{
    for (const auto& [thirteen, ten, isbn, kind, zeros_padded] : cases) {
        const auto repair = repair_isbn(thirteen, ten);
        ASSERT_TRUE(repair) << thirteen << " | " << ten;
        EXPECT_EQ(repair->isbn.value, isbn) << thirteen << " | " << ten;
        EXPECT_EQ(repair->kind, kind) << thirteen << " | " << ten;
        EXPECT_EQ(repair->zeros_padded, zeros_padded) << thirteen << " | " << ten;
    }
}

TEST(IsbnRepair, NeverGuesses)
{
    constexpr std::pair<const char*, const char*> irreparable[] = {
        {"", ""},
        {"9.78043902348e+12", ""},
        {"9.78043902348e+12", "439023484"},
        {"9.78081297106e+12", "812971060"}, // Reading Lolita in Tehran: the check digit is wrong
        {"97893806587.0", "9380658797"},
        {"", "152061548"},
        {"", "51"}, // so short that any check digit would do
        {"", "00000"},
        {"n/a", "n/a"},
        {"978X", "X"},
        {"nan", "1e5"},
    };
    for (const auto& [thirteen, ten] : irreparable)
        EXPECT_EQ(repair_isbn(thirteen, ten), std::nullopt) << thirteen << " | " << ten;
}

TEST(IsbnRepair, DetectsTheFloatOfAnotherNumberByItsLastDigit)
{
    EXPECT_EQ(repair_isbn("9.78043902349e+12", "439023483")->kind, Kind::isbn10_kept);
    EXPECT_EQ(repair_isbn("9.78043902347e+12", "439023483")->kind, Kind::isbn10_kept);
    EXPECT_EQ(repair_isbn("9.7804390235e+12", "439023483")->kind, Kind::float_restored);
}

TEST(FloatNotation, IsDetectedByTheExponent)
{
    EXPECT_TRUE(is_float_notation("9.78043902348e+12"));
    EXPECT_TRUE(is_float_notation(" 9.78E+12 "));
    for (const auto* text : {"", "9780439023481", "978-0-439", "1e", "e5", "080442957X", "west"})
        EXPECT_FALSE(is_float_notation(text)) << text;
}

} // namespace
} // namespace estante
