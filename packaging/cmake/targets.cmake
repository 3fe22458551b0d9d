# Files of one target are compiled several in one unit: most of a file's compile time is what it includes. What cannot share a
# unit (a name in an unnamed namespace that another file has too, a library compiled as source) is named by gatehouse_alone().
# The lint preset compiles each file by itself, so that no file lives on what its neighbour includes.
option(GATEHOUSE_UNITY "Compile several files in one unit" ON)

# gatehouse_unity(<target>)
function(gatehouse_unity target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${GATEHOUSE_UNITY} UNITY_BUILD_BATCH_SIZE 8)
endfunction()

# gatehouse_alone(<files ...>), in the folder of the target that compiles them
function(gatehouse_alone)
    set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# gatehouse_library(<folder> SOURCES ... USES <folders ...> OUTSIDE <libraries ...>)
#
# One folder of lib/ as one static library that links exactly the folders it may include. What it
# uses inside its .cpp files only stands under OUTSIDE and stays private unless a header needs
# it (PUBLIC_OUTSIDE).
function(gatehouse_library name)
    cmake_parse_arguments(library "" "" "SOURCES;USES;OUTSIDE;PUBLIC_OUTSIDE" ${ARGN})
    set(sources)
    foreach(source IN LISTS library_SOURCES)
        list(APPEND sources ${PROJECT_SOURCE_DIR}/lib/${source})
    endforeach()
    add_library(gatehouse_${name} STATIC ${sources})
    gatehouse_unity(gatehouse_${name})
    target_include_directories(gatehouse_${name} PUBLIC ${PROJECT_SOURCE_DIR}/lib)
    foreach(used IN LISTS library_USES)
        target_link_libraries(gatehouse_${name} PUBLIC gatehouse_${used})
    endforeach()
    target_link_libraries(gatehouse_${name}
        PUBLIC ${library_PUBLIC_OUTSIDE}
        PRIVATE ${library_OUTSIDE} gatehouse_flags)
endfunction()

# gatehouse_program(<name> SOURCES ... USES <folders ...> OUTSIDE <libraries ...>)
function(gatehouse_program name)
    cmake_parse_arguments(program "" "" "SOURCES;USES;OUTSIDE" ${ARGN})
    add_executable(${name} ${program_SOURCES})
    gatehouse_unity(${name})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    foreach(used IN LISTS program_USES)
        target_link_libraries(${name} PRIVATE gatehouse_${used})
    endforeach()
    target_link_libraries(${name} PRIVATE ${program_OUTSIDE} gatehouse_flags)
    gatehouse_debug_apart(${name})
endfunction()

# gatehouse_debug_apart(<program>)
#
# A release program without its debug information, which stands beside it in .debug/, where gdb, addr2line and their like
# look by themselves. The symbols stay, so that a backtrace without that file still names functions.
function(gatehouse_debug_apart name)
    if(NOT CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" OR NOT CMAKE_OBJCOPY)
        return()
    endif()
    set(apart $<TARGET_FILE_DIR:${name}>/.debug/$<TARGET_FILE_NAME:${name}>.debug)
    add_custom_command(TARGET ${name} POST_BUILD
        COMMAND ${CMAKE_COMMAND} -E make_directory $<TARGET_FILE_DIR:${name}>/.debug
        COMMAND ${CMAKE_OBJCOPY} --only-keep-debug $<TARGET_FILE:${name}> ${apart}
        COMMAND ${CMAKE_OBJCOPY} --strip-debug --add-gnu-debuglink=${apart} $<TARGET_FILE:${name}>
        VERBATIM)
endfunction()
