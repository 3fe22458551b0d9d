# Every outside library that the project uses, from the system's packages, each wrapped in one alias.
# Nothing is fetched at build time.

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(SQLite3 3.37 REQUIRED)

add_library(outside_boost INTERFACE)
target_link_libraries(outside_boost INTERFACE Boost::headers)
target_compile_definitions(outside_boost INTERFACE BOOST_ERROR_CODE_HEADER_ONLY)

# Boost.JSON, compiled once.
add_library(outside_json STATIC ${PROJECT_SOURCE_DIR}/packaging/cmake/boost_json.cpp)
target_link_libraries(outside_json PUBLIC outside_boost)

# Asio and Beast, compiled once, and like what is ours: the thread sanitizer has to see their atomics.
add_library(outside_asio STATIC
    ${PROJECT_SOURCE_DIR}/packaging/cmake/boost_asio.cpp ${PROJECT_SOURCE_DIR}/packaging/cmake/boost_beast.cpp)
target_link_libraries(outside_asio PUBLIC outside_boost Threads::Threads PRIVATE gatehouse_flags)
target_compile_definitions(outside_asio PUBLIC
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_NO_TS_EXECUTORS
    BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=8
    BOOST_BEAST_SEPARATE_COMPILATION)

# prometheus-cpp's package file also asks for the libraries of its pull and push parts, which
# nothing here uses; the core library is found directly.
find_path(PROMETHEUS_CPP_INCLUDE prometheus/text_serializer.h REQUIRED)
find_library(PROMETHEUS_CPP_CORE prometheus-cpp-core REQUIRED)
add_library(outside_prometheus INTERFACE)
target_include_directories(outside_prometheus SYSTEM INTERFACE ${PROMETHEUS_CPP_INCLUDE})
target_link_libraries(outside_prometheus INTERFACE ${PROMETHEUS_CPP_CORE})

add_library(outside_yaml INTERFACE)
target_include_directories(outside_yaml SYSTEM INTERFACE ${YAML_CPP_INCLUDE_DIR})
target_link_libraries(outside_yaml INTERFACE yaml-cpp)

add_library(outside_spdlog INTERFACE)
target_link_libraries(outside_spdlog INTERFACE spdlog::spdlog)

find_path(BLAKE2_INCLUDE blake2.h REQUIRED)
find_library(BLAKE2_LIBRARY b2 REQUIRED)
add_library(outside_crypto INTERFACE)
target_include_directories(outside_crypto SYSTEM INTERFACE ${BLAKE2_INCLUDE})
target_link_libraries(outside_crypto INTERFACE OpenSSL::Crypto ${BLAKE2_LIBRARY})

add_library(outside_sqlite INTERFACE)
target_link_libraries(outside_sqlite INTERFACE SQLite::SQLite3)
