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
postern_add_test(gateway/tst_admin_ssls LIBRARIES postern::gateway SOURCES support/admin_api.cpp support/tls_server.cpp
    support/raw_upstream.cpp support/raw_stream.cpp ASAN)
target_link_libraries(tst_admin_ssls PRIVATE OpenSSL::SSL)
