# syntax=docker/dockerfile:1
# che168-sync: one image for the API, the scheduled work and every command. See docs/deployment.md.

# The same base for every stage. Debian, because the lock of the embedded database has no build for musl (Alpine).
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# What is built: dist/.
FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
# No package needs its install script for the build; those of the test tools download what no image wants.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

# What is needed to run it: node_modules/ without the tools.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="che168-sync" \
      org.opencontainers.image.description="Keeps a PostgreSQL copy of the che168.com used-car feed and serves it" \
      org.opencontainers.image.licenses="MIT"
# Outside of a container the API is for this machine only; the log goes where Docker keeps it.
ENV NODE_ENV=production \
    API_HOST=0.0.0.0 \
    LOG_DIR=false
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=build /src/dist ./dist
COPY --chmod=755 bin ./bin
# The program belongs to root; /data is where the embedded database is, if no server is named.
RUN ln -s /app/bin/che168-sync.mjs /usr/local/bin/che168-sync \
    && install -d -o node -g node -m 700 /data
USER node
WORKDIR /data
EXPOSE 8000
# /health asks for no token when it is asked from inside.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.API_PORT || 8000}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node.js is process 1 and handles SIGTERM itself: a clean stop within seconds.
ENTRYPOINT ["che168-sync"]
CMD ["serve"]
