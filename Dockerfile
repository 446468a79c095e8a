# The images of the three services, and of the tools beside them (local issuer, demo, first secrets):
#   docker build --target ledger --tag voucher-platform/ledger .
ARG NODE=node:24.21.0-bookworm-slim
ARG BASE=debian:12-slim

# Only the files that `npm ci` depends on, so that it runs again only after one of them has changed.
FROM ${NODE} AS manifests
WORKDIR /platform
COPY . .
RUN mkdir /manifests && cp --parents package.json package-lock.json .npmrc patches/*.patch \
    apps/*/package.json libs/*/package.json tools/package.json e2e/package.json /manifests

FROM ${NODE} AS build
WORKDIR /platform
ENV NX_DAEMON=false
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/root/.npm npm ci --loglevel=error
COPY . .
RUN npx nx run-many -t build --outputStyle=static

# Keeps kafkajs with its patch. Leaves out files that only editors and debuggers read.
FROM build AS service-packages
RUN npm prune --omit=dev --ignore-scripts --loglevel=error \
    && find node_modules -type f \( -name '*.map' -o -name '*.md' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
    && rm -rf node_modules/.cache node_modules/.bin node_modules/.package-lock.json node_modules/typeorm/browser
RUN mkdir /libraries && cp --recursive --parents package.json libs/*/package.json libs/*/dist libs/service/examples.json /libraries

FROM build AS tools-packages
RUN npm query '#csv-parse, #jose, #kafkajs, #oidc-provider, #oidc-provider *, #pg, #pg *, #temporal-polyfill, #temporal-polyfill *' \
    | node -p 'JSON.parse(fs.readFileSync(0, "utf8")).map(({ location }) => location).join("\n")' \
    | tar --create --files-from=- | tar --extract --directory=/opt

# Only Node: no package manager, and no user who may become root.
FROM ${BASE} AS runtime
COPY --from=build /usr/local/bin/node /usr/local/bin/node
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --no-create-home --home-dir /platform node
ENV NODE_ENV=production
WORKDIR /platform
USER 1000:1000

FROM runtime AS service
# Else only the container itself would reach it.
ENV HOST=0.0.0.0
COPY --from=service-packages /platform/node_modules ./node_modules
COPY --from=service-packages /libraries ./
# A service stays below 512 MB; the rest is the young generation, code and buffers. By default V8 lets such a small heap
# grow only by a third before it marks all of it again.
ENTRYPOINT ["node", "--enable-source-maps", "--max-old-space-size=320", "--max-semi-space-size=16", "--heap-growing-percent=100"]
HEALTHCHECK --interval=15s --timeout=15s --start-period=300s --start-interval=3s --retries=4 \
    CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

FROM service AS config
COPY --from=build /platform/apps/console/dist ./apps/console/dist
COPY --from=build /platform/apps/config/package.json /platform/apps/config/user-attributes.json ./apps/config/
COPY --from=build /platform/apps/config/dist ./apps/config/dist
ENV PORT=3001
EXPOSE 3001
ARG VERSION=0.1.0
LABEL org.opencontainers.image.version=${VERSION}
CMD ["apps/config/dist/main.js"]

FROM service AS page-delivery
COPY --from=build /platform/apps/claim-widget/dist ./apps/claim-widget/dist
COPY --from=build /platform/apps/page-delivery/package.json ./apps/page-delivery/
COPY --from=build /platform/apps/page-delivery/dist ./apps/page-delivery/dist
ENV PORT=3002
EXPOSE 3002
ARG VERSION=0.1.0
LABEL org.opencontainers.image.version=${VERSION}
CMD ["apps/page-delivery/dist/main.js"]

FROM service AS ledger
COPY --from=build /platform/apps/ledger/package.json ./apps/ledger/
COPY --from=build /platform/apps/ledger/dist ./apps/ledger/dist
ENV PORT=3003
EXPOSE 3003
ARG VERSION=0.1.0
LABEL org.opencontainers.image.version=${VERSION}
CMD ["apps/ledger/dist/main.js"]

FROM runtime AS tools
COPY --from=tools-packages /opt/node_modules ./node_modules
COPY --from=build /platform/node_modules/@vouchers ./node_modules/@vouchers
COPY package.json ./
COPY libs/contracts ./libs/contracts
COPY libs/voucher ./libs/voucher
COPY tools ./tools
COPY deploy/secrets.mjs ./deploy/
# Volumes get their owner from these folders.
USER root
RUN install --directory --owner=node --group=node --mode=0755 /secrets/database /secrets/client /secrets/submissions /secrets/kafka /secrets/migrate /secrets/config /secrets/page-delivery /secrets/ledger && install --directory --owner=node --group=node --mode=0700 /data
USER 1000:1000
ENV DATA_DIR=/data
# The build fails if an imported module is missing.
RUN node --conditions=source --input-type=module --eval 'await Promise.all(["demo/demo", "issuer/issuer", "traffic/traffic", "commands/adopt", "commands/kafka-rights"].map((name) => import(`./tools/src/${name}.command.ts`)))'
ARG VERSION=0.1.0
LABEL org.opencontainers.image.version=${VERSION}
ENTRYPOINT ["node", "--conditions=source", "--disable-warning=ExperimentalWarning"]
CMD ["tools/src/main.ts", "issuer"]
