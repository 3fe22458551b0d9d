# Warnings, sanitizers and hardening, private to our own targets.

option(GATEHOUSE_WERROR "Treat warnings as errors" OFF)
option(GATEHOUSE_HARDEN "Hardening flags of a release build" OFF)
option(GATEHOUSE_LTO "Link-time optimisation" OFF)
option(GATEHOUSE_FUZZ "Build the libFuzzer targets (clang)" OFF)
set(GATEHOUSE_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

add_library(gatehouse_flags INTERFACE)
target_compile_features(gatehouse_flags INTERFACE cxx_std_20)
target_compile_options(gatehouse_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond;-Wlogical-op>
    # g++ 12 sees a mismatch in every coroutine frame of Asio's own allocator.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
    $<$<BOOL:${GATEHOUSE_WERROR}>:-Werror>)
target_compile_definitions(gatehouse_flags INTERFACE _GLIBCXX_ASSERTIONS)

if(GATEHOUSE_SANITIZE)
    target_compile_options(gatehouse_flags INTERFACE
        -fsanitize=${GATEHOUSE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
        # A target with this property is compiled often and runs briefly.
        $<IF:$<BOOL:$<TARGET_PROPERTY:GATEHOUSE_UNOPTIMISED>>,-O0,-O1>)
    target_link_options(gatehouse_flags INTERFACE -fsanitize=${GATEHOUSE_SANITIZE})
    # Asio's fences, of which that sanitizer knows nothing: what they order is ordered by its locks too.
    if(GATEHOUSE_SANITIZE MATCHES thread)
        target_compile_options(gatehouse_flags INTERFACE -Wno-tsan)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        # clang 14 fails on coroutines with the function sanitizer.
        target_compile_options(gatehouse_flags INTERFACE -fno-sanitize=function)
    endif()
endif()
if(GATEHOUSE_FUZZ)
    target_compile_options(gatehouse_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(GATEHOUSE_HARDEN)
    target_compile_options(gatehouse_flags INTERFACE
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection
        -fcf-protection)
    target_link_options(gatehouse_flags INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
endif()
# Link-time optimisation stays with the compiler's own linker; elsewhere a fast one spares minutes.
find_program(MOLD mold)
if(MOLD AND NOT GATEHOUSE_LTO)
    target_link_options(gatehouse_flags INTERFACE -fuse-ld=mold)
endif()
if(GATEHOUSE_LTO)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
    # g++ 12 sees Boost.JSON read beyond its empty array, of which it moves no element.
    target_link_options(gatehouse_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()
