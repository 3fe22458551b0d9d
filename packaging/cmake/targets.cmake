# gatehouse_library(<room> SOURCES ... USES <rooms ...> OUTSIDE <libraries ...>)
#
# One room of the house as one static library that links exactly the rooms it may include. What a
# room uses inside its .cpp files only stands under OUTSIDE and stays private unless a header needs
# it (PUBLIC_OUTSIDE).
function(gatehouse_library name)
    cmake_parse_arguments(room "" "" "SOURCES;USES;OUTSIDE;PUBLIC_OUTSIDE" ${ARGN})
    set(sources)
    foreach(source IN LISTS room_SOURCES)
        list(APPEND sources ${PROJECT_SOURCE_DIR}/lib/${source})
    endforeach()
    add_library(gatehouse_${name} STATIC ${sources})
    target_include_directories(gatehouse_${name} PUBLIC ${PROJECT_SOURCE_DIR}/lib)
    foreach(used IN LISTS room_USES)
        target_link_libraries(gatehouse_${name} PUBLIC gatehouse_${used})
    endforeach()
    target_link_libraries(gatehouse_${name}
        PUBLIC ${room_PUBLIC_OUTSIDE}
        PRIVATE ${room_OUTSIDE} gatehouse_flags)
endfunction()

# gatehouse_program(<name> SOURCES ... USES <rooms ...> OUTSIDE <libraries ...>)
function(gatehouse_program name)
    cmake_parse_arguments(program "" "" "SOURCES;USES;OUTSIDE" ${ARGN})
    add_executable(${name} ${program_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    foreach(used IN LISTS program_USES)
        target_link_libraries(${name} PRIVATE gatehouse_${used})
    endforeach()
    target_link_libraries(${name} PRIVATE ${program_OUTSIDE} gatehouse_flags)
endfunction()
