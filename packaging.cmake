# SPDX-License-Identifier: Apache-2.0
# Debian packages by CPack: `fulfilld` (the service and its adapters) and `fulfilld-sdk-dev` (all that an adapter author
# needs). What is installed without a component belongs to the service.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME runtime)

set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL runtime adapters sdk)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "The fulfilld project <maintainers@fulfilld.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package has its own
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

# Components of one group share a package.
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENT_RUNTIME_GROUP service)
set(CPACK_COMPONENT_ADAPTERS_GROUP service)
set(CPACK_COMPONENT_SDK_GROUP sdk)

set(CPACK_DEBIAN_SERVICE_PACKAGE_NAME fulfilld)
set(CPACK_DEBIAN_SERVICE_PACKAGE_SECTION net)
set(CPACK_DEBIAN_SERVICE_PACKAGE_RECOMMENDS "ca-certificates")
set(CPACK_DEBIAN_SERVICE_DESCRIPTION "Durable fulfillment service for Genesys Cloud Data Actions
Takes executions from Genesys Cloud, makes them durable, calls your backend through
an adapter, and delivers exactly one final result. A unit for systemd is included;
its configuration is /etc/fulfilld/fulfilld.toml, to be copied from
/usr/share/doc/fulfilld/fulfilld.toml.")

set(CPACK_DEBIAN_SDK_PACKAGE_NAME fulfilld-sdk-dev)
set(CPACK_DEBIAN_SDK_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_SDK_PACKAGE_RECOMMENDS "g++ (>= 4:12) | clang-19, cmake (>= 3.25), nlohmann-json3-dev, libgtest-dev")
set(CPACK_DEBIAN_SDK_PACKAGE_SUGGESTS "fulfilld, pkgconf")
set(CPACK_DEBIAN_SDK_DESCRIPTION "Adapters for fulfilld, in C++20
The headers of the adapter SDK with its test kit, a CMake package and a pkg-config
file, the program fulfilld-adapter (makes, checks, verifies and runs adapters),
and a simulator of Genesys Cloud to try them with.")

file(CONFIGURE OUTPUT copyright CONTENT
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: fulfilld

Files: *
Copyright: The fulfilld project
License: Apache-2.0
 Licensed under the Apache License, Version 2.0. On Debian systems its text is in
 /usr/share/common-licenses/Apache-2.0.
")
# EXCLUDE_FROM_ALL: for packages only. `make install` goes into any prefix, and the unit holds for /usr.
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/copyright CHANGELOG.md examples/fulfilld.toml
        DESTINATION share/doc/fulfilld COMPONENT runtime EXCLUDE_FROM_ALL)
install(FILES examples/systemd/fulfilld.service DESTINATION lib/systemd/system COMPONENT runtime EXCLUDE_FROM_ALL)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/copyright CHANGELOG.md
        DESTINATION share/doc/fulfilld-sdk-dev COMPONENT sdk EXCLUDE_FROM_ALL)
install(FILES sdk/README.md sdk/ABI.md DESTINATION share/doc/fulfilld-sdk-dev/sdk COMPONENT sdk EXCLUDE_FROM_ALL)
install(DIRECTORY examples/hello examples/crm_lookup examples/order_submit
        DESTINATION share/doc/fulfilld-sdk-dev/examples COMPONENT sdk EXCLUDE_FROM_ALL)

include(CPack)
