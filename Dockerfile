# syntax=docker/dockerfile:1
# One image for the API, the schedule and every command of che168-sync. See docs/deployment.md.

# The base of every stage. Debian, because the lock of the embedded database has no musl (Alpine) build.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# Builds dist/.
FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
# The build needs no install scripts; those of the test tools would download binaries.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

# node_modules/ without development dependencies.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="che168-sync" \
      org.opencontainers.image.description="Keeps a PostgreSQL copy of the che168.com used-car feed and serves it" \
      org.opencontainers.image.licenses="MIT"
# In a container the API listens on all addresses, and the log goes to stderr, which Docker keeps.
ENV NODE_ENV=production \
    API_HOST=0.0.0.0 \
    LOG_DIR=false
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=build /src/dist ./dist
COPY --chmod=755 bin ./bin
# The program belongs to root; /data holds the embedded database if no server is configured.
RUN ln -s /app/bin/che168-sync.mjs /usr/local/bin/che168-sync \
    && install -d -o node -g node -m 700 /data
USER node
WORKDIR /data
EXPOSE 8000
# /health needs no token from inside the container.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.API_PORT || 8000}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node.js is process 1 and handles SIGTERM itself.
ENTRYPOINT ["che168-sync"]
CMD ["serve"]
