# SPDX-License-Identifier: Apache-2.0
# The manuals' examples against a gateway on the manuals' ports.
function(postern_add_seed_test name document)
    add_test(NAME seeds/${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/seeds/run ${name})
    set_tests_properties(seeds/${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
        RUN_SERIAL ON RESOURCE_LOCK manual_ports ENVIRONMENT "POSTERN=$<TARGET_FILE:postern>")
    if(NOT document)
        return() # the page has no commands to repeat
    endif()
    add_test(NAME seeds/${name}_verbatim COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/seeds/verbatim.py
        ${CMAKE_CURRENT_SOURCE_DIR}/seeds/${name}.sh ${document})
    set_tests_properties(seeds/${name}_verbatim PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

if(NOT POSTERN_SANITIZE)
    postern_add_seed_test(jwt_auth "000_*.txt")
    postern_add_seed_test(acl "004_*.txt")
    postern_add_seed_test(credentials "")
    postern_add_seed_test(consumers "")
    # Half a minute of sleep beside the others: it needs neither the manuals' ports nor the processor.
    add_test(NAME seeds/rate_limit_real_time
        COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/seeds/run rate_limit_real_time)
    set_tests_properties(seeds/rate_limit_real_time PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
        ENVIRONMENT "POSTERN=$<TARGET_FILE:postern>;POSTERN_SEED_PORTS=free")
endif()
