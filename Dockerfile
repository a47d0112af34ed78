# One image for web, worker and beat; docker-compose.yml says which is which.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/data STATIC_ROOT=/app/static-collected HASHED_STATIC=1 HOST=0.0.0.0

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY . .
RUN python -I healthplan/messages.py \
    && SECRET_KEY=only-for-this-step python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --home-dir /data healthplan \
    && install -d -o healthplan /data

USER healthplan
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "healthplan.run", "web"]
