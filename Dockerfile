# Two images: `gateway` (with the pages it serves) and `frontend` (the sample dashboard).
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY client/package.json client/
COPY gateway/package.json gateway/
COPY frontend/package.json frontend/
COPY e2e/package.json e2e/
COPY bench/package.json bench/

FROM manifests AS build
RUN --mount=type=cache,target=/root/.npm npm ci
COPY tsconfig.json ./
COPY client client
COPY gateway gateway
COPY frontend frontend
RUN npm run build

# What V8 makes of the gateway's program, so that a start need not make it. Node keeps it apart by account, version and
# processor, so it is made by the account that runs it; what another one wants is made anew and kept nowhere.
FROM build AS compiled
RUN install -d -o node gateway/dist/compile-cache
USER node
RUN NODE_COMPILE_CACHE=/app/gateway/dist/compile-cache node --max-semi-space-size=4 --max-old-space-size=768 gateway/dist/src/serve-*.js \
  && chmod -R a+rX gateway/dist/compile-cache

# Only what the gateway needs when it runs, of the versions in the lockfile.
FROM manifests AS gateway-modules
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --workspace=gateway --include-workspace-root=false

FROM ${NODE_IMAGE} AS gateway
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 PAGES_DIR=/app/frontend/dist/pages \
  NODE_COMPILE_CACHE=/app/gateway/dist/compile-cache
WORKDIR /app
COPY --from=gateway-modules /app ./
# Root's: the gateway reads what it would run, and cannot write there.
COPY --from=compiled /app/gateway/dist gateway/dist
COPY gateway/data gateway/data
COPY gateway/gateway.yml gateway/
COPY --from=build /app/frontend/dist/pages frontend/dist/pages
COPY scripts/parts/http-check.ts scripts/parts/
COPY scripts/compose/container-health.ts scripts/compose/
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["node", "scripts/compose/container-health.ts", "gateway"]
# Collects garbage early: saves a hundred megabytes under load, and three hundred while sessions are new (decision 0036).
CMD ["node", "--max-semi-space-size=4", "--max-old-space-size=768", "gateway/dist/src/main.js"]

# The dashboard's server is bundled into one file: no node_modules.
FROM ${NODE_IMAGE} AS frontend
ENV NODE_ENV=production DASHBOARD_HOST=0.0.0.0 DASHBOARD_PORT=3000
WORKDIR /app
COPY package.json ./
COPY --from=build /app/frontend/dist/dashboard frontend/dist/dashboard
COPY scripts/parts/http-check.ts scripts/parts/
COPY scripts/compose/container-health.ts scripts/compose/
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["node", "scripts/compose/container-health.ts", "frontend"]
CMD ["node", "frontend/dist/dashboard/server.js"]
