//! Reading a request's body: JSON, or a form with `payload_json` and files.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use axum::http::request::Parts;
use axum::http::{Request, header};
use serde_json::Value;

use super::error::ApiError;
use crate::rules::attachment::MAX_FILE_BYTES;
use crate::world::draft::Upload;

/// A body that was read.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// `None` for an empty one.
    pub(crate) json: Option<Value>,
    pub(crate) uploads: Vec<Upload>,
}

/// Interprets the bytes as their content type says.
pub(crate) async fn read(parts: &Parts, bytes: Bytes) -> Result<Body, ApiError> {
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    if content_type.starts_with("multipart/form-data") {
        return read_form(parts, bytes).await;
    }
    if bytes.is_empty() {
        return Ok(Body::default());
    }
    let json = serde_json::from_slice(&bytes)
        .map_err(|_| ApiError::new(400, 50109, "The request body contains invalid JSON."))?;
    if !content_type.starts_with("application/json") {
        return Err(ApiError::field(
            "_misc",
            "CONTENT_TYPE_INVALID",
            "Expected \"Content-Type\" header to be one of {'application/json'}.",
        ));
    }
    Ok(Body {
        json: Some(json),
        uploads: vec![],
    })
}

async fn read_form(parts: &Parts, bytes: Bytes) -> Result<Body, ApiError> {
    let broken = |_| ApiError::new(400, 50035, "Invalid Form Body");
    let mut request = Request::new(axum::body::Body::from(bytes));
    parts.headers.clone_into(request.headers_mut());
    // The bytes are here already and were measured; the form's reader has a lower limit of its own.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| ApiError::new(400, 50035, "Invalid Form Body"))?;
    let mut body = Body::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "payload_json" {
            let text = field.text().await.map_err(broken)?;
            let json = serde_json::from_str(&text)
                .map_err(|_| ApiError::new(400, 50109, "The request body contains invalid JSON."))?;
            body.json = Some(json);
            continue;
        }
        let position = u64::try_from(body.uploads.len()).unwrap_or_default();
        let index = name
            .strip_prefix("files[")
            .and_then(|n| n.strip_suffix(']'))
            .map_or(Ok(position), str::parse);
        let index =
            index.map_err(|_| ApiError::field(&name, "BASE_TYPE_BAD_NAME", "Files are named files[n]."))?;
        let filename = field.file_name().unwrap_or("file").to_owned();
        let content_type = field.content_type().map(str::to_owned);
        let content = field.bytes().await.map_err(broken)?;
        if content.len() > MAX_FILE_BYTES {
            return Err(ApiError::new(413, 40005, "Request entity too large"));
        }
        body.uploads.push(Upload {
            index,
            filename,
            content_type,
            bytes: content.to_vec(),
        });
    }
    Ok(body)
}
