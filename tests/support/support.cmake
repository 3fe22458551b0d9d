# What several test folders share. test_vectors judges interoperability and uses none of lib/protocol;
# test_usmp puts the real sessions into a world of their own.

# An expectation under an `if` without braces: gtest's macros are made for it, the compilers do not see it.
add_compile_options(-Wno-dangling-else)

include_guard(GLOBAL)

set(support ${PROJECT_SOURCE_DIR}/tests/support)

add_library(test_vectors STATIC EXCLUDE_FROM_ALL
    ${support}/pssst_vectors.cpp ${support}/reference_crypto.cpp
    ${support}/reference_device.cpp ${support}/reference_spp.cpp ${support}/spp_vectors.cpp
    ${support}/vector_file.cpp)
target_include_directories(test_vectors PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(test_vectors PUBLIC gatehouse_base PRIVATE outside_crypto outside_json gatehouse_flags)
target_compile_definitions(test_vectors PRIVATE GATEHOUSE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
gatehouse_unity(test_vectors)
gatehouse_alone(${support}/spp_vectors.cpp ${support}/vector_file.cpp)

add_library(test_usmp STATIC EXCLUDE_FROM_ALL
    ${support}/datagram_faults.cpp ${support}/datagram_talk.cpp
    ${support}/live_datagram_session.cpp ${support}/live_session.cpp
    ${support}/session_faults.cpp ${support}/session_script.cpp ${support}/usmp_fixture.cpp)
gatehouse_unity(test_usmp)
gatehouse_alone(${support}/session_faults.cpp ${support}/session_script.cpp)
target_link_libraries(test_usmp
    PUBLIC test_vectors gatehouse_usmp GTest::gtest
    PRIVATE gatehouse_flags)

add_library(test_pssst STATIC EXCLUDE_FROM_ALL ${support}/pssst_fixture.cpp)
target_link_libraries(test_pssst
    PUBLIC test_vectors gatehouse_device gatehouse_pssst
    PRIVATE gatehouse_flags)

add_library(test_spp STATIC EXCLUDE_FROM_ALL ${support}/spp_world.cpp)
target_link_libraries(test_spp
    PUBLIC test_vectors gatehouse_spp GTest::gtest
    PRIVATE gatehouse_flags)

add_library(test_array_crypto STATIC EXCLUDE_FROM_ALL ${support}/array_crypto_world.cpp)
target_include_directories(test_array_crypto PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(test_array_crypto
    PUBLIC gatehouse_array_crypto
    PRIVATE outside_json gatehouse_flags)

add_library(test_upss STATIC EXCLUDE_FROM_ALL ${support}/upss_world.cpp)
target_include_directories(test_upss PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(test_upss
    PUBLIC gatehouse_upss
    PRIVATE gatehouse_flags)

# Counts calls into the cryptographic library (call_counts.h).
add_library(test_call_counts OBJECT EXCLUDE_FROM_ALL ${support}/call_counts.cpp)
target_include_directories(test_call_counts PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(test_call_counts PRIVATE outside_crypto gatehouse_flags)
target_link_options(test_call_counts INTERFACE -Wl,--wrap=EVP_MAC_init -Wl,--wrap=EVP_PKEY_derive
    -Wl,--wrap=EVP_KDF_derive -Wl,--wrap=EVP_DigestSign -Wl,--wrap=EVP_DigestVerify)

# Counts calls of operator new (allocation_counts.h).
add_library(test_allocation_counts OBJECT EXCLUDE_FROM_ALL ${support}/allocation_counts.cpp)
target_include_directories(test_allocation_counts PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(test_allocation_counts PRIVATE gatehouse_flags)
