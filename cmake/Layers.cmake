# A layer is a folder under src/ that becomes one static library of the same name. What it may use is what it links:
# a folder's dependencies are read here and nowhere else. Features only add files.
function(estante_layer folder)
  cmake_parse_arguments(LAYER "" "" "USES" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.cpp)
  if(sources)
    add_library(estante_${name} STATIC ${sources})
    target_link_libraries(estante_${name} PUBLIC estante_options ${LAYER_USES})
  else()
    add_library(estante_${name} INTERFACE)
    target_link_libraries(estante_${name} INTERFACE estante_options ${LAYER_USES})
  endif()
endfunction()
