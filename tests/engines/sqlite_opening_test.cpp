#include "engines/sqlite_store_fixture.hpp"

#include <fstream>

namespace estante {

namespace {

class SqliteOpening : public testing::Test {
protected:
    TemporaryFolder folder;
    ManualClock clock;
    PartitionVersions partition_versions;

    // The text of the refusal; empty when the store opened.
    std::string refusal(const std::filesystem::path& path)
    {
        try {
            create_sqlite_store(path, clock, partition_versions);
            return "";
        } catch (const StoreOpenError& error) {
            return error.what();
        }
    }
    void make_database(const std::filesystem::path& path, const char* sql)
    {
        sqlite::Connection(path.string(), sqlite::Connection::Access::write, nullptr, 1'000).run(sql);
    }
    static std::string refused(const std::filesystem::path& path, const std::string& cause)
    {
        return "cannot open the store " + path.string() + ": " + cause;
    }
};

} // namespace

TEST_F(SqliteOpening, MakesTheFileAndOpensItAgain)
{
    const auto path = folder / "estante.db";
    EXPECT_EQ(refusal(path), "");
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_EQ(refusal(path), "");
}

TEST_F(SqliteOpening, MakesAFileForItsOwnerAlone)
{
    const auto path = folder / "estante.db";
    const auto store = create_sqlite_store(path, clock, partition_versions);
    for (const char* suffix : {"", "-wal", "-shm"})
        EXPECT_EQ(std::filesystem::status(path.string() + suffix).permissions(),
                  std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
            << suffix;
}

TEST_F(SqliteOpening, NamesAFolderThatIsMissing)
{
    const auto path = folder / "missing" / "estante.db";
    EXPECT_EQ(refusal(path), refused(path, "there is no folder " + path.parent_path().string()));
}

TEST_F(SqliteOpening, NamesAFolderThatCannotBeWritten)
{
    EXPECT_EQ(refusal("/proc/estante.db"), refused("/proc/estante.db", "the folder /proc is not writable"));
}

TEST_F(SqliteOpening, RefusesAFolder)
{
    EXPECT_EQ(refusal(folder.path()), refused(folder.path(), "it is a folder"));
}

TEST_F(SqliteOpening, RefusesAFileThatIsNoDatabase)
{
    const auto path = folder / "notes.txt";
    std::ofstream(path) << std::string(5000, 'x');
    EXPECT_EQ(refusal(path), refused(path, "the file is damaged or is no database"));
    EXPECT_EQ(std::filesystem::file_size(path), 5000U) << "and leaves it as it was";
}

TEST_F(SqliteOpening, RefusesTheDatabaseOfAnotherProgram)
{
    const auto path = folder / "other.db";
    make_database(path, "CREATE TABLE users(name TEXT)");
    EXPECT_EQ(refusal(path), refused(path, "the file is a database of another program"));
}

TEST_F(SqliteOpening, RefusesTheSchemaOfANewerVersion)
{
    const auto path = folder / "estante.db";
    ASSERT_EQ(refusal(path), "");
    make_database(path, "PRAGMA user_version = 99");
    EXPECT_EQ(refusal(path),
              refused(path, "it was written by a newer version of this program (schema 99; this one knows 1)"));
}

TEST_F(SqliteOpening, AStatementWithoutSqlIsAMistakeOfTheProgram)
{
    sqlite::Connection connection((folder / "a.db").string(), sqlite::Connection::Access::write, nullptr, 1'000);
    EXPECT_THROW(sqlite::Statement(connection, " -- nothing"), std::logic_error);
    EXPECT_THROW(sqlite::Statement(connection, "SELEC"), sqlite::Failure);
}

} // namespace estante
