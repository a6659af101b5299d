// SPDX-License-Identifier: Apache-2.0
#include "postgres_server.hpp"

#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace {

namespace fs = std::filesystem;

std::unique_ptr<PostgresServer>* the_server = nullptr;

class StopsTheServer final : public testing::Environment {
 public:
  ~StopsTheServer() override = default;
  void TearDown() override {
    if (the_server != nullptr) the_server->reset();
  }
};

const auto* const environment = testing::AddGlobalTestEnvironment(new StopsTheServer);

fs::path newest_programs() {
  std::vector<fs::path> found;
  if (fs::exists("/usr/lib/postgresql"))
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql"))
      if (fs::exists(version.path() / "bin" / "initdb")) found.push_back(version.path() / "bin");
  if (found.empty()) throw std::runtime_error("there is no PostgreSQL below /usr/lib/postgresql (Debian: postgresql)");
  return *std::max_element(found.begin(), found.end());
}

/// PostgreSQL refuses to run as root.
const passwd& owner() {
  if (::geteuid() != 0) return *::getpwuid(::geteuid());
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* user = ::getpwnam(name)) return *user;
  throw std::runtime_error("there is neither a user postgres nor a user nobody to run PostgreSQL as");
}

std::string read_all(int from) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 0; (size = ::read(from, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(size));
  return text;
}

}  // namespace

PostgresServer& PostgresServer::instance() {
  static std::unique_ptr<PostgresServer> server;
  if (!server) {
    the_server = &server;
    server.reset(new PostgresServer);
  }
  return *server;
}

PostgresServer::PostgresServer() : programs_(newest_programs()), owner_(owner().pw_uid), group_(owner().pw_gid) {
  std::string name = (fs::temp_directory_path() / "fulfilld-postgresql-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  directory_ = name;
  if (::geteuid() == 0 && ::chown(name.c_str(), owner_, group_) != 0) throw std::runtime_error("chown failed");

  std::array<int, 2> output{};
  if (::pipe(output.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t initdb = spawn({(programs_ / "initdb").string(), "-D", (directory_ / "data").string(), "-U", "fulfilld",
                              "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync", "--no-instructions"},
                             output[1]);
  ::close(output[1]);
  const std::string words = read_all(output[0]);
  ::close(output[0]);
  int status = 0;
  ::waitpid(initdb, &status, 0);
  if (status != 0) throw std::runtime_error("initdb: " + words);
  std::ofstream(directory_ / "data" / "pg_hba.conf") << "local all guarded scram-sha-256\nlocal all all trust\n";
  start();
  query(std::string("CREATE ROLE guarded LOGIN PASSWORD '") + kGuardedPassword + "'");
}

PostgresServer::~PostgresServer() {
  stop(SIGQUIT);
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::string PostgresServer::connection(const std::string& user) const {
  return "host=" + directory_.string() + " dbname=postgres user=" + user;
}

void PostgresServer::start() {
  std::array<int, 2> output{};
  if (::pipe(output.data()) != 0) throw std::runtime_error("no pipe");
  server_ = spawn({(programs_ / "postgres").string(), "-D", (directory_ / "data").string(), "-k", directory_.string(),
                   "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB", "-c",
                   "max_connections=60", "-c", "restart_after_crash=off"},
                  output[1]);
  ::close(output[1]);
  std::promise<bool> ready;
  auto is_ready = ready.get_future();
  // Its log is read to the end: a full pipe would stop it.
  log_reader_ = std::thread([this, from = output[0], said = std::optional(std::move(ready))]() mutable {
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::read(from, buffer.data(), buffer.size())) > 0;) {
      log_.append(buffer.data(), static_cast<std::size_t>(size));
      if (!said || log_.find("ready to accept connections") == std::string::npos) continue;
      said->set_value(true);
      said.reset();
    }
    if (said) said->set_value(false);
    ::close(from);
  });
  if (is_ready.get()) return;
  log_reader_.join();
  throw std::runtime_error("PostgreSQL does not start: " + log_);
}

void PostgresServer::stop(int signal) {
  session_.reset();
  if (server_ == 0) return;
  ::kill(server_, signal);
  ::kill(server_, SIGCONT);  // a test may have stopped it
  ::waitpid(std::exchange(server_, 0), nullptr, 0);
  log_reader_.join();
  log_.clear();
}

void PostgresServer::restart() {
  stop(SIGINT);  // "fast": sessions are ended
  start();
}

std::string PostgresServer::query(const std::string& sql) {
  if (!session_) session_.reset(PQconnectdb((connection() + " options='-c client_min_messages=error'").c_str()));
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(session_.get(), sql.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw std::runtime_error(sql + ": " + PQerrorMessage(session_.get()));
  return PQntuples(result.get()) == 0 ? "" : PQgetvalue(result.get(), 0, 0);
}

void PostgresServer::wait_for(const std::string& condition) {
  while (query("SELECT (" + condition + "), pg_stat_clear_snapshot()") != "t") query("SELECT pg_sleep(0.005)");
}

void PostgresServer::signal_session(const std::string& statement_pattern, int signal) {
  const std::string pid =
      query("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'fulfilld %' AND query LIKE '" +
            statement_pattern + "'");
  if (pid.empty()) throw std::runtime_error("no session executes " + statement_pattern);
  ::kill(static_cast<pid_t>(std::stol(pid)), signal);
}

void PostgresServer::signal_listener(int signal) const { ::kill(server_, signal); }

pid_t PostgresServer::spawn(const std::vector<std::string>& command, int output) const {
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const bool is_root = ::geteuid() == 0;
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (is_root && (::setgroups(0, nullptr) != 0 || ::setgid(group_) != 0 || ::setuid(owner_) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // after setuid, which clears it; a test may have stopped the process
  ::setenv("LC_ALL", "C.UTF-8", 1);
  if (::chdir("/") != 0 || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) ::_exit(126);
  for (int inherited = 3; inherited < 256; ++inherited) ::close(inherited);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}
