#include "engines/sqlite_store_fixture.hpp"

#include <fstream>

namespace estante {

namespace {

class SqliteOpen : public testing::Test {
protected:
    TemporaryFolder folder;
    ManualClock clock;
    PartitionVersions partition_versions;

    // The error text; empty when the store opened.
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
        sqlite::Connection(path.string(), sqlite::Connection::Access::write, 1'000).run(sql);
    }
    static std::string refused(const std::filesystem::path& path, const std::string& cause)
    {
        return "cannot open the store " + path.string() + ": " + cause;
    }
};

} // namespace

TEST_F(SqliteOpen, CreatesTheFileAndReopensIt)
{
    const auto path = folder / "estante.db";
    EXPECT_EQ(refusal(path), "");
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_EQ(refusal(path), "");
}

TEST_F(SqliteOpen, CreatesAFileThatOnlyItsOwnerCanRead)
{
    const auto path = folder / "estante.db";
    const auto store = create_sqlite_store(path, clock, partition_versions);
    for (const char* suffix : {"", "-wal", "-shm"})
        EXPECT_EQ(std::filesystem::status(path.string() + suffix).permissions(),
                  std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
            << suffix;
}

TEST_F(SqliteOpen, NamesAMissingFolder)
{
    const auto path = folder / "missing" / "estante.db";
    EXPECT_EQ(refusal(path), refused(path, "the folder " + path.parent_path().string() + " does not exist"));
}

TEST_F(SqliteOpen, NamesAFolderThatIsNotWritable)
{
    EXPECT_EQ(refusal("/proc/estante.db"), refused("/proc/estante.db", "the folder /proc is not writable"));
}

TEST_F(SqliteOpen, RefusesAFolder)
{
    EXPECT_EQ(refusal(folder.path()), refused(folder.path(), "it is a folder"));
}

TEST_F(SqliteOpen, RefusesAFileThatIsNotADatabase)
{
    const auto path = folder / "notes.txt";
    std::ofstream(path) << std::string(5000, 'x');
    EXPECT_EQ(refusal(path), refused(path, "the file is damaged or is not a database"));
    EXPECT_EQ(std::filesystem::file_size(path), 5000U) << "the file is left unchanged";
}

TEST_F(SqliteOpen, RefusesTheDatabaseOfAnotherProgram)
{
    const auto path = folder / "other.db";
    make_database(path, "CREATE TABLE users(name TEXT)");
    EXPECT_EQ(refusal(path), refused(path, "the file is a database of another program"));
}

TEST_F(SqliteOpen, RefusesASchemaOfANewerVersion)
{
    const auto path = folder / "estante.db";
    ASSERT_EQ(refusal(path), "");
    make_database(path, "PRAGMA user_version = 99");
    EXPECT_EQ(refusal(path),
              refused(path, "it was written by a newer version of this program (schema 99; this one knows 1)"));
}

TEST_F(SqliteOpen, RefusesAStatementWithoutSql)
{
    sqlite::Connection connection((folder / "a.db").string(), sqlite::Connection::Access::write, 1'000);
    EXPECT_THROW(sqlite::Statement(connection, " -- nothing"), std::logic_error);
    EXPECT_THROW(sqlite::Statement(connection, "SELEC"), sqlite::SqliteError);
}

} // namespace estante
