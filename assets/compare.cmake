# Makes the models in MADE with the program MAKE and compares them with the ones in COMMITTED.
execute_process(COMMAND ${MAKE} ${MADE} COMMAND_ERROR_IS_FATAL ANY)
file(GLOB names RELATIVE ${COMMITTED} ${COMMITTED}/*.glb ${COMMITTED}/*.json)
if(NOT names)
  message(FATAL_ERROR "${COMMITTED} holds no models")
endif()
foreach(name ${names})
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${COMMITTED}/${name} ${MADE}/${name}
    RESULT_VARIABLE differs)
  if(differs)
    message(FATAL_ERROR 
      "${name} differs from what its generator makes: run make_assets ${COMMITTED}")
  endif()
endforeach()
