// SPDX-License-Identifier: Apache-2.0
// fulfilld-simulator: plays Genesys Cloud (token and fulfillment endpoints) and a backend. See README.md.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "tests/simulator/simulator.hpp"

namespace {

/// Ten thousand clients that hang need as many descriptors.
void allow_many_connections() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  fulfilld::simulator::Options options;
  CLI::App app{"Plays Genesys Cloud and a backend for fulfilld's tests"};
  app.add_option("--port", options.genesys_port, "port of the token and fulfillment endpoints; 0: any free one");
  app.add_option("--backend-port", options.backend_port, "port of the backend; 0: any free one");
  app.add_option("--control-port", options.control_port, "port of /simulator/...; 0: any free one");
  app.add_option("--seed", options.seed, "of the faults that come with a probability");
  auto* certificate = app.add_option("--tls-certificate", options.tls_certificate, "PEM file: speak https");
  auto* key = app.add_option("--tls-key", options.tls_key, "PEM file");
  certificate->needs(key);
  key->needs(certificate);
  CLI11_PARSE(app, argc, argv);

  allow_many_connections();
  try {
    fulfilld::simulator::Simulator simulator(options);
    std::cout << simulator.ready_line() << std::endl;
    simulator.run();
  } catch (const std::exception& problem) {
    std::cerr << "fulfilld-simulator: " << problem.what() << '\n';
    return 1;
  }
  return 0;
}
