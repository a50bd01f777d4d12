# A recon host in a container:
#   docker build -t recon .
#   docker run --rm -v recon-etc:/etc/recon recon --init
#   docker run -d --name recon --init --stop-timeout 60 -p 60000:60000 -v recon-etc:/etc/recon -v recon-data:/var/lib/recon \
#       -e RECON_TRUSTED_IPS=127.0.0.1,192.168.7.0/24 recon
# --init ends what scripts leave behind. Clients need the SHARED_KEY of /etc/recon/recon.opts. A site whose script needs
# more than Java, as Python, makes an image of its own from this one, and sets RECON_RECON_SCRIPT_PATH.
#
# A relay in a container:
#   docker build -t recon-relay --target relay .
#   docker run --rm -v relay-etc:/etc/recon recon-relay --init
#   docker run -d --name recon-relay -p 60001:60001 -v relay-etc:/etc/recon -v relay-data:/var/lib/recon recon-relay
# Set BACKEND_SERVERS and the keys in /etc/recon/relay.opts before the last, RELAY_ADMIN_SHARED_KEY too: its health is what
# "recon-client admin status" says.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN mvn -B -q -Dmaven.test.skip=true package
# What is built, laid out as scripts/install does.
RUN for name in recon-server recon-client recon-relay; do \
        if [ -f "$name/target/$name.jar" ]; then \
            install -D -m 644 "$name/target/$name.jar" "/image/usr/lib/recon/$name.jar" && \
            install -D -m 755 scripts/launcher.sh "/image/usr/bin/$name" || exit 1; \
        fi; \
    done && \
    install -m 755 scripts/default_recon_script.sh /image/usr/lib/recon/default_recon_script.sh && \
    install -m 755 scripts/setup.sh /image/usr/lib/recon/setup

FROM eclipse-temurin:17-jre-jammy AS base
COPY --from=build /image /
RUN groupadd --system --gid 990 recon && \
    useradd --system --uid 990 --gid recon --home-dir /var/lib/recon --no-create-home --shell /usr/sbin/nologin recon && \
    install -d -m 700 -o recon -g recon /etc/recon /var/lib/recon && \
    /usr/lib/recon/setup archives
# The log goes to the container's own; the rest as in an installation.
ENV RECON_LOG_FILEPATH=
USER recon
WORKDIR /etc/recon
VOLUME ["/etc/recon", "/var/lib/recon"]

FROM base AS relay
ENV RECON_RELAY_HOSTNAME=0.0.0.0 \
    RECON_STATE_DIR=/var/lib/recon/relay
EXPOSE 60001
HEALTHCHECK --start-period=60s CMD recon-client admin --opts relay.opts status || exit 1
ENTRYPOINT ["recon-relay"]

# The last one: what is built without --target.
FROM base AS server
ENV RECON_SERVER_HOSTNAME=0.0.0.0 \
    RECON_RECON_SERVER_BASE_PFILE_DIR=/var/lib/recon/pfiles \
    RECON_RECON_SERVER_DICOM_OUTPUT_DIR=/var/lib/recon/dicoms
EXPOSE 60000
HEALTHCHECK --start-period=60s CMD recon-client --server 127.0.0.1:60000 --server-status || exit 1
ENTRYPOINT ["recon-server"]
