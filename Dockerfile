# The chat, the API and the commands: `docker compose up` (compose.yaml, docs/docker.md).
FROM python:3.13-slim AS built
WORKDIR /source
COPY requirements.lock pyproject.toml README.md CHANGELOG.md LICENSE app.py ./
COPY assistant assistant
COPY ingest ingest
COPY prompts prompts
# The locked versions, as constraints: what only development needs is not installed.
RUN sed '/--hash=/d; s/ \\$//' requirements.lock > /tmp/constraints.txt \
 && python -m venv /opt/morgue \
 && /opt/morgue/bin/pip install --no-cache-dir --disable-pip-version-check \
      -c /tmp/constraints.txt '.[parquet,postgres,telemetry]'

FROM python:3.13-slim
COPY --from=built /opt/morgue /opt/morgue
RUN useradd --uid 10001 --home-dir /data --create-home morgue
USER 10001:10001
VOLUME /data
ENV PATH=/opt/morgue/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_DATA_HOME=/data \
    XDG_CACHE_HOME=/data/cache \
    MORGUE_ARCHIVE=/data/archive \
    MORGUE_HOST=0.0.0.0 \
    MORGUE_LOG=requests
WORKDIR /data
EXPOSE 7860
ENTRYPOINT ["morgue"]
CMD ["serve"]
