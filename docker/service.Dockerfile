# One service of Image Organizer:
#   docker build -f docker/service.Dockerfile --build-arg SERVICE=ocr -t image-organizer/ocr:0.1.0 .
# scripts/image-test.sh builds all of them and checks each by running it.
FROM node:24-slim AS app
ARG SERVICE
WORKDIR /app
RUN --mount=type=bind,target=/src --mount=type=cache,target=/root/.npm sh /src/docker/assemble.sh "$SERVICE"

FROM node:24-slim
# tini: as PID 1, node would ignore a SIGTERM that comes before its handlers, and Kubernetes has no --init.
# jemalloc: decoded images fragment glibc's heap.
RUN apt-get update && apt-get install -y --no-install-recommends tini libjemalloc2 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=app /out/modules ./
COPY --from=app /out/source ./
ARG SERVICE
ARG VERSION=dev
LABEL org.opencontainers.image.title="Image Organizer: $SERVICE" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production LD_PRELOAD=libjemalloc.so.2 SERVICE=$SERVICE
USER 1000:1000
EXPOSE 8080 9090
HEALTHCHECK --start-period=30s --timeout=5s \
  CMD node -e 'fetch(`http://127.0.0.1:${process.env.PORT ?? 8080}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1))'
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD exec node "/app/$SERVICE/src/main.ts"
