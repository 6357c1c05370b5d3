# SPDX-License-Identifier: Apache-2.0
foreach(unit standalone_file status)
    postern_add_test(gateway/tst_${unit} LIBRARIES postern::gateway postern_gateway_fixture ASAN)
endforeach()
foreach(unit configs_validate apisix_control)
    postern_add_test(gateway/tst_${unit} LIBRARIES postern::gateway postern_gateway_fixture
        SOURCES support/admin_api.cpp ASAN)
endforeach()
postern_add_test(gateway/tst_standalone_api
    LIBRARIES postern::gateway postern_gateway_fixture OpenSSL::SSL
    SOURCES support/admin_api.cpp support/tls_server.cpp ASAN)
postern_add_test(core/tst_yaml_format LIBRARIES postern::core ASAN)
