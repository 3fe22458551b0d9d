# gatehouse_header_check()
#
# Adds the target header_check, which compiles each header of lib/ alone: one translation unit a header, included twice.
# Part of `all` where each file is compiled by itself (the lint preset). Call it after the libraries.
function(gatehouse_header_check)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/lib ${PROJECT_SOURCE_DIR}/lib/*.h)
    if(NOT headers)
        return()
    endif()
    foreach(header IN LISTS headers)
        set(unit ${CMAKE_BINARY_DIR}/header_check/${header}.cpp)
        file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
        list(APPEND units ${unit})
    endforeach()

    add_library(header_check OBJECT ${units})
    set_target_properties(header_check PROPERTIES EXCLUDE_FROM_ALL "${GATEHOUSE_UNITY}")
    target_include_directories(header_check PRIVATE ${PROJECT_SOURCE_DIR}/lib)
    foreach(used gatehouse_flags outside_boost outside_asio outside_crypto outside_prometheus outside_spdlog outside_yaml)
        if(TARGET ${used})
            target_link_libraries(header_check PRIVATE ${used})
        endif()
    endforeach()
    # Nothing of it runs, so it need not be instrumented or optimised. Warnings stay on. Options of a source stand behind those
    # of the flags that are linked.
    set_source_files_properties(${units} PROPERTIES COMPILE_OPTIONS "-O0;-g0;-U_FORTIFY_SOURCE;-fno-sanitize=all")
    # Linters go by the sources, not by these.
    set_target_properties(header_check PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF EXPORT_COMPILE_COMMANDS OFF)
endfunction()
