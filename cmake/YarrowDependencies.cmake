# The libraries Yarrow stands on. Package names are in packages/debian.txt.
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Network Widgets PrintSupport Svg WebSockets Test LinguistTools)
find_package(OpenSSL 3 REQUIRED)
find_package(ICU REQUIRED COMPONENTS i18n uc) # names in other scripts
find_package(simdjson REQUIRED)
find_package(tl-expected REQUIRED)
find_package(Qt6Keychain REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL 7.85 REQUIRED) # CURLOPT_PROTOCOLS_STR; CURLOPT_PREREQFUNCTION came with 7.80
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBICAL REQUIRED IMPORTED_TARGET libical) # the tests read calendar files back
# Its pkg-config file gives the version of the SQLite inside: SQLCipher 4.6.0 carries 3.45.3.
pkg_check_modules(SQLCIPHER REQUIRED IMPORTED_TARGET sqlcipher>=3.45.3)

# SQLiteCpp's own CMake config links plain libsqlite3, whose symbols clash with SQLCipher's.
# So its static library is taken by hand and linked against SQLCipher.
find_path(SQLITECPP_INCLUDE_DIR SQLiteCpp/SQLiteCpp.h REQUIRED)
find_library(SQLITECPP_LIBRARY NAMES libSQLiteCpp.a REQUIRED)
add_library(yarrow_sqlitecpp INTERFACE)
target_include_directories(yarrow_sqlitecpp SYSTEM INTERFACE "${SQLITECPP_INCLUDE_DIR}")
target_link_libraries(yarrow_sqlitecpp INTERFACE "${SQLITECPP_LIBRARY}" PkgConfig::SQLCIPHER)
