# Not built here: a formula for a tap of your own.
#     brew install --build-from-source ./packaging/lead_kpi.rb
# Put the place of the release's zip and the output of "shasum -a 256" in.
class LeadKpi < Formula
  desc "B2B lead KPIs with intervals, as PostgreSQL aggregates and a mart"
  homepage "https://pgxn.org/dist/lead_kpi/"
  url "file:///path/to/lead_kpi-1.0.0.zip"
  sha256 "REPLACE_WITH_THE_SHA256_OF_THE_ZIP"
  license "PostgreSQL"

  depends_on "postgresql@17"

  def postgresql
    Formula["postgresql@17"]
  end

  def install
    pg_config = postgresql.opt_bin/"pg_config"
    system "make", "PG_CONFIG=#{pg_config}", "with_llvm=no"
    system "make", "PG_CONFIG=#{pg_config}", "with_llvm=no", "install", "DESTDIR=#{buildpath}/stage"
    # The server looks in its own prefix, where brew links what a formula has below lib and share.
    stage = buildpath/"stage"
    (lib/postgresql.name).install Dir[stage/"**/lead_kpi.*"].select { |file| file.end_with?(".so", ".dylib") }
    (share/postgresql.name/"extension").install Dir[stage/"**/lead_kpi.control"], Dir[stage/"**/lead_kpi--*.sql"]
  end

  test do
    ENV["LC_ALL"] = "C"
    system postgresql.opt_bin/"initdb", "-D", testpath/"data", "-A", "trust"
    port = free_port
    begin
      system postgresql.opt_bin/"pg_ctl", "start", "-w", "-D", testpath/"data", "-l", testpath/"log", "-o", "-p #{port} -k #{testpath}"
      system postgresql.opt_bin/"psql", "-h", testpath, "-p", port.to_s, "-d", "postgres", "-c", "CREATE EXTENSION lead_kpi"
    ensure
      system postgresql.opt_bin/"pg_ctl", "stop", "-D", testpath/"data"
    end
  end
end
