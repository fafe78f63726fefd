# The application alone, for a PostgreSQL with PostGIS beside it: see compose.yaml.
FROM python:3.12-slim-bookworm AS packages

RUN python -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --disable-pip-version-check uv
RUN python -m venv --without-pip /opt/labourmap
ENV VIRTUAL_ENV=/opt/labourmap
WORKDIR /build
# What serving needs, without the tools of the tests, in the versions and with the hashes of the lock.
COPY requirements.lock pyproject.toml ./
RUN /opt/uv/bin/uv pip install --no-cache --verify-hashes --constraints requirements.lock -r pyproject.toml
COPY README.md LICENSE ./
COPY app app
COPY geo geo
COPY migrations migrations
COPY web web
RUN /opt/uv/bin/uv pip install --no-cache --verify-hashes --build-constraints requirements.lock --no-deps .


FROM python:3.12-slim-bookworm

# tini is the first process: it hands signals on and reaps what nobody waits for.
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin labourmap
RUN install -d -o labourmap -m 0755 /var/lib/labourmap
COPY --from=packages /opt/labourmap /opt/labourmap

ENV PATH=/opt/labourmap/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LABOURMAP_DATA_DIR=/var/lib/labourmap \
    LABOURMAP_HOST=0.0.0.0 \
    LABOURMAP_EDITOR_HOST=0.0.0.0
USER labourmap
WORKDIR /
EXPOSE 8000
EXPOSE 8001
# Any answer but a failure: with LABOURMAP_ALLOWED_HOSTS set, a visitor who names 127.0.0.1 is told off, not served.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/api/'); raise SystemExit(c.getresponse().status >= 500)"]
ENTRYPOINT ["tini", "--"]
CMD ["labourmap", "serve", "--port", "8000"]
