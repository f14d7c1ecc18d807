# Köprü in a container: `docker build -t kopru .`, then `docker run --env-file .env -v kopru:/data kopru`.
# An editor's own content: `-v ./content:/content:ro -e KOPRU_CONTENT_DIR=/content`.
ARG PYTHON=3.13.9

FROM python:${PYTHON}-slim-bookworm AS build
WORKDIR /app
COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m venv /opt/kopru \
 && /opt/kopru/bin/python -m pip install --no-cache-dir --no-deps --require-hashes --requirement requirements/runtime.txt \
 && /opt/kopru/bin/python -m pip check
COPY facts facts
COPY intents intents
COPY questions questions
COPY bot bot
# A broken catalog never becomes an image. Bytecode is compiled here since the user below cannot write it.
RUN /opt/kopru/bin/python -m bot check \
 && /opt/kopru/bin/python -m compileall -q bot \
 && mkdir -p /data

FROM python:${PYTHON}-slim-bookworm
LABEL org.opencontainers.image.title="Köprü" \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/kopru/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    KOPRU_DATABASE_URL=sqlite:////data/kopru.sqlite3 \
    KOPRU_LISTEN=0.0.0.0:8080 \
    KOPRU_LOG_FORMAT=json
COPY --from=build /opt/kopru /opt/kopru
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /data /data
WORKDIR /app
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['KOPRU_LISTEN'].rpartition(':')[2] + '/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
