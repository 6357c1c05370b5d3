# SPDX-License-Identifier: Apache-2.0
postern_add_test(gateway/tst_admin_routes LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_consumers LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_credentials LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_patch LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_listing LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_introspection LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_input LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_plugin_metadata LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_plugin_sets LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_limit_groups LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_access LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_schemas LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_encryption LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_leases LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_http LIBRARIES postern::gateway SOURCES support/gateway_fixture.cpp support/raw_stream.cpp support/raw_upstream.cpp)
postern_add_test(gateway/tst_admin_secrets LIBRARIES postern::gateway SOURCES support/admin_api.cpp ASAN)
postern_add_test(gateway/tst_admin_ssls LIBRARIES postern::gateway SOURCES support/admin_api.cpp support/tls_server.cpp
    support/raw_upstream.cpp support/raw_stream.cpp ASAN)
target_link_libraries(tst_admin_ssls PRIVATE OpenSSL::SSL)
foreach(objects feed apply)
    postern_add_test(gateway/tst_admin_objects_${objects} LIBRARIES postern::gateway SOURCES support/admin_api.cpp
        support/gateway_fixture.cpp support/raw_stream.cpp support/raw_upstream.cpp ASAN)
endforeach()
foreach(unit capture port_owner)
    postern_add_test(gateway/tst_${unit} LIBRARIES postern::gateway SOURCES support/gateway_fixture.cpp support/raw_stream.cpp
        support/raw_upstream.cpp ASAN)
endforeach()
find_package(Qt6 6.8 REQUIRED COMPONENTS Widgets) # a window hosts the gateway
postern_add_test(gateway/tst_gateway_lifetime LIBRARIES postern::gateway Qt6::Widgets SOURCES support/gateway_fixture.cpp
    support/raw_stream.cpp support/raw_upstream.cpp)
