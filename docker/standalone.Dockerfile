# Everything in one container, for a household. What it knows lives in the volume:
#   docker build -f docker/standalone.Dockerfile -t image-organizer/standalone .
#   docker run -d --name images -p 127.0.0.1:8080:8080 -v images:/data image-organizer/standalone && docker logs -f images
FROM node:24-slim AS app
WORKDIR /app
RUN --mount=type=bind,target=/src --mount=type=cache,target=/root/.npm sh /src/docker/assemble.sh standalone

FROM node:24-slim
# The reasons for these two are in service.Dockerfile.
RUN apt-get update && apt-get install -y --no-install-recommends tini libjemalloc2 && rm -rf /var/lib/apt/lists/* \
  && install -d -o 1000 -g 1000 /data
WORKDIR /app
COPY --from=app /out/modules ./
COPY --from=app /out/source ./
ARG VERSION=dev
LABEL org.opencontainers.image.title="Image Organizer" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production LD_PRELOAD=libjemalloc.so.2 DATA_DIR=/data
USER 1000:1000
VOLUME /data
EXPOSE 8080
HEALTHCHECK --start-period=30s --timeout=5s \
  CMD node -e 'fetch(`http://127.0.0.1:${process.env.PORT ?? 8080}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1))'
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "/app/standalone/src/main.ts"]
